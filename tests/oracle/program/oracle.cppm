/// Runs the programs of README.md on this library.
export module oracle;

export import :program;
export import :thing;
export import :value;
export import :machine;
export import :operation;
export import :dictionary;
export import :set;
