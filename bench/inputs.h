#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/request_headers.h"
#include "wire/message.h"
#include "wire/result.h"
#include "wire/websocket.h"

namespace pushbench::bench {

/// What somebody says in a chat.
struct Said {
  std::string from;
  std::string text;
  std::string id;

  wire::Draft draft() const { return {from, text, id}; }
};

/// What was said in the shipped trace from its eleventh minute on: the real sizes and speakers,
/// with words of our own. At most 1,500.
std::vector<Said> chat(std::size_t count);

/// The first so many of these as one batch of the server's.
std::string chat_batch(std::size_t messages);

inline constexpr std::string_view kHost = "127.0.0.1:8080";

/// Those of scenarios/headers/browser.txt, with a cookie of 100 bytes.
clients::RequestHeaders browser_headers();

/// A poll with these.
std::string browser_poll();

/// The server's answer to a poll, head and body.
std::string poll_answer(const std::string& batch);

/// Any mask; a client draws one for each frame.
inline constexpr wire::Mask kMask{0x37, 0xFA, 0x21, 0x3D};

/// What a benchmark cannot do without; else the program ends.
template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().line().c_str());
  std::exit(1);
}

}  // namespace pushbench::bench
