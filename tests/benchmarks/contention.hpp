#pragma once

namespace benchmarks {

/// Only for a process that has threads already: these measurements start some.
void register_contention();

}  // namespace benchmarks
