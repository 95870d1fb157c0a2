"""What the specification wants otherwise than the CPython that is installed: each with its reason.

Everything else is CPython's own code, its containers' methods included.
"""

from .cursor import Cursor
from .dictionaries import WeakIdKeyDictionary, WeakKeyDictionary, WeakValueDictionary
from .errors import compared, is_flaw, method, repr_of, unwind
from .references import IdentityReference, KeyReference, ValueReference, getweakrefcount, getweakrefs
from .sets import WeakIdSet, WeakSet

__all__ = ["Cursor", "IdentityReference", "KeyReference", "ValueReference", "WeakIdKeyDictionary", "WeakIdSet",
           "WeakKeyDictionary", "WeakSet", "WeakValueDictionary", "compared", "getweakrefcount", "getweakrefs",
           "is_flaw", "method", "repr_of", "unwind"]
