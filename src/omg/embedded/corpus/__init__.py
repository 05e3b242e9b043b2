"""The content of an embedded cluster: the demo's, or one that a test makes."""

from omg.embedded.corpus.demo import demo_corpus
from omg.embedded.corpus.draws import uid_of
from omg.embedded.corpus.model import Corpus, ExecAnswer, LogSource, Planted

__all__ = ["Corpus", "ExecAnswer", "LogSource", "Planted", "demo_corpus", "uid_of"]
