#pragma once

#include "report/studies/study.h"

/// Alexis Abril: "A comparison between WebSockets, server-sent events, and polling", aquil.io,
/// September 2017; the recordings are in https://github.com/Aquilio/09-23-17-real-time-methods,
/// results/long-polling.har and results/short-polling.har.
namespace pushbench::report::aquilio {

// As recorded, in bytes.
inline constexpr double kLongRequest = 428;
inline constexpr double kShortRequest = 430;
inline constexpr double kResponseHead = 108;
inline constexpr double kBody = 50;
inline constexpr double kUpdates = 5;       // a second apart
inline constexpr double kLongTotal = 2930;  // of five long polls
inline constexpr double kShortPoll = 588;   // one exchange
// From the moment of the first recorded short poll to that of the last.
inline constexpr double kShortPolls = 15;
inline constexpr double kShortPollsSeconds = 3.495;
inline constexpr double kShortPollsRepeated = 10;  // that brought the value that was there before
inline constexpr double kInterval = 0.25;          // s

/// Bytes of the request that Chrome sent, from its lines. `kind` is "long" or "short".
double request_head(std::string_view kind);
double response_head();
/// A text in the one chunk that Node sent, and the chunk that ends the body.
double chunked_body(std::size_t text);

Study study();

}  // namespace pushbench::report::aquilio
