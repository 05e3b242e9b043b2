from omg.allocator import return_large_buffers


def test_the_c_library_of_this_platform_can_be_asked() -> None:
    assert return_large_buffers() in {True, False}
    assert return_large_buffers() is return_large_buffers()
