#pragma once

#include "report/studies/study.h"

/// Peter Lubbers and Frank Greco: "HTML5 Web Sockets: A Quantum Leap in Scalability for the Web",
/// Kaazing 2010. https://www.websocket.org/quantum.html; also SOA World Magazine, March 2010.
namespace pushbench::report::kaazing {

// As published.
inline constexpr double kHeaders = 871;  // bytes, of request and response together
inline constexpr double kFrame = 2;      // bytes around a message in a WebSocket
inline constexpr double kClients[] = {1'000, 10'000, 100'000};  // use cases A, B, C
inline constexpr double kPollingMbit[] = {6.968, 69.68, 696.8};
inline constexpr double kWebSocketMbit[] = {0.016, 0.16, 1.6};

/// Characters of the heads that the article prints, each line without its end. This is how it came
/// to 871.
double printed_characters();
/// Bytes of the same heads as HTTP sends them: each line has an end, and an empty one follows.
double bytes_on_the_wire();

/// Mbit/s, when each of the clients gets a message a second, and that costs it so many bytes.
double mbit(double bytes, double clients);

Study study();

}  // namespace pushbench::report::kaazing
