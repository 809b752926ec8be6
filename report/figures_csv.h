#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// figures.csv, a row for each transport, repetition and figure (see all_figures()): scenario,
/// seed, transport, repetition, whether it is valid, metric, unit, value. Figures that were not
/// measured have no row. By RFC 4180, but with \n at the end of a line.
std::string figures_csv(const harness::RunResult& result);

}  // namespace pushbench::report
