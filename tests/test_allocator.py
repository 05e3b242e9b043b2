from omg.allocator import give_back, return_large_buffers


def test_the_c_library_of_this_platform_can_be_asked() -> None:
    assert return_large_buffers() in {True, False}
    assert return_large_buffers() is return_large_buffers()


def test_what_is_free_is_given_back_while_what_is_held_stays() -> None:
    held = [bytes([number % 251]) * 2000 for number in range(5000)]
    del held[::2]
    give_back()
    assert [one[0] for one in held] == [number % 251 for number in range(1, 5000, 2)]
