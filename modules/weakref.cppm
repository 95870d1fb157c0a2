/// Python's weak references for C++20: see README.md.
export module weakref;

// object: who owns
export import :fork;
export import :thread_storage;
export import :object;
export import :gate;
export import :strong_ref;
export import :boxed;
export import :make;
export import :to_shared;

// reference: who watches
export import :held;
export import :weak_reference;
export import :callback;
export import :ref;
export import :reference_type;
export import :proxy;
export import :proxy_operators;
export import :inspection;
export import :method;
export import :weak_method;
export import :finalizer;
export import :finalize;

// container: who finds
export import :table;
export import :entry_index;
export import :walk;
export import :key;
export import :mapping;
export import :creation;
export import :deep_copier;
export import :referent_key;
export import :value_table;
export import :dictionary;
export import :weak_value_dictionary;
export import :owned_value;
export import :key_entries;
export import :key_table;
export import :weak_key_dictionary;
export import :element_table;
export import :element_set;
export import :weak_set;
export import :weak_identity;

// kind: what Python has as built-in types
export import :function;
export import :code;
export import :set;
export import :sequence;
export import :file;
export import :socket;
export import :pattern;
export import :type_object;
export import :generator;

// text
export import :errors;
export import :hooks;
export import :repr;
