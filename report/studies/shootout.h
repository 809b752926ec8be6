#pragma once

#include <utility>

#include "report/studies/line_fit.h"
#include "report/studies/study.h"

/// Jack Christensen: "Websocket Shootout: Clojure, C++, Elixir, Go, NodeJS, and Ruby", Hashrocket
/// 2016, hashrocket.com/blog/posts/websocket-shootout; the figures are in
/// https://github.com/hashrocket/websocket-shootout, results/round-01.md.
namespace pushbench::report::shootout {

inline constexpr double kConcurrent = 4;  // broadcasts under way at a time (its option -c 4)
inline constexpr double kLinear = 0.95;   // from which r² on we call it a line

/// Go's server as published: clients, and the median of the sender's round trips in µs.
const std::vector<std::pair<double, double>>& published();

Study study();

}  // namespace pushbench::report::shootout
