#pragma once

namespace benchmarks {

/// Runs a command that many times; the median of the milliseconds of the processor that it took. Negative
/// where it failed.
double command_time(char** command, int repetitions);

}  // namespace benchmarks
