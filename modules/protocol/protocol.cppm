/// How objects are counted, referred to and cleared: the death protocol, apart from everything it serves.
///
/// Templates over their atomics, so that the very code which the library runs is also what the model checker
/// in tests/model takes through every interleaving. Users import `weakref`.
export module weakref.protocol;

export import :policy;
export import :check;
export import :node;
export import :block;
export import :death;
export import :membership;
export import :registry;
