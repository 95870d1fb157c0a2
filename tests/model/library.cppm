/// Objects, references and dictionaries that run the protocol under the checker.
export module weakref.model;

export import :object;
export import :weak_reference;
export import :dictionary;
