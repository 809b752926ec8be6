#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "wire/http.h"

namespace pushbench::test {

using Lines = std::vector<std::string>;

/// How a parser's user behaves.
struct HttpReading {
  wire::HttpParser::Kind kind = wire::HttpParser::Kind::requests;
  wire::HttpLimits limits{};
  bool take_upgrades = false;  // hands what follows an upgrade to somebody else
  bool peer_ends = false;      // the stream ends after the bytes
};

/// What a parser tells of a message, as one line; of its headers those that the tests use, without
/// the "Host: a" that every request has to have.
inline std::string summary(const wire::HttpMessage& message, wire::HttpParser::Kind kind) {
  std::string line = kind == wire::HttpParser::Kind::requests
                         ? fmt::format("{} {}", message.method(), message.target())
                         : fmt::format("{}", message.status());
  if (message.has_header("Host") && message.header("Host") != "a") {
    line += fmt::format(" Host={}", message.header("Host"));
  }
  for (const char* name : {"X-Empty", "X-Other", "Content-Length"}) {
    if (message.has_header(name)) line += fmt::format(" {}={}", name, message.header(name));
  }
  if (message.http_1_0()) line += " 1.0";
  if (!message.keep_alive()) line += " close";
  if (message.upgrade()) line += " upgrade";
  return line + " [" + std::string(message.body()) + "]";
}

/// Feeds pieces to a parser and writes down messages, an error and what is left, a line each.
class HttpLog {
 public:
  explicit HttpLog(const HttpReading& how) : how_(how), parser_(how.kind, how.limits) {}

  HttpLog& feed(std::string_view piece) {
    // In a block of just its size, so that the sanitizer sees a read beyond it.
    const std::vector<char> block(piece.begin(), piece.end());
    std::string_view bytes(block.data(), block.size());
    while (!done_ && !bytes.empty()) {
      const auto fed = parser_.feed(bytes);
      if (!fed) return refuse(fed.error());
      bytes.remove_prefix(fed->consumed);
      if (fed->complete) {
        take_message();
      } else if (!bytes.empty()) {
        ADD_FAILURE() << "an incomplete message left " << bytes.size() << " bytes";
        done_ = true;
      }
    }
    rest_ += bytes;
    return *this;
  }

  Lines finish() {
    if (how_.peer_ends && !done_) {
      const auto finished = parser_.finish();
      if (!finished) {
        refuse(finished.error());
      } else if (*finished) {
        take_message();
      }
    }
    if (!rest_.empty() && !refused_) lines_.push_back("rest " + rest_);
    return lines_;
  }

  const Lines& lines() const { return lines_; }
  const wire::HttpParser& parser() const { return parser_; }

 private:
  HttpLog& refuse(const wire::HttpError& error) {
    EXPECT_FALSE(error.what.empty());
    lines_.push_back(fmt::format("error {}", error.status));
    done_ = refused_ = true;
    return *this;
  }

  void take_message() {
    lines_.push_back(summary(parser_.message(), how_.kind));
    if (parser_.message().upgrade() && how_.take_upgrades) {
      done_ = true;
    } else {
      parser_.next();
    }
  }

  const HttpReading how_;
  wire::HttpParser parser_;
  Lines lines_;
  std::string rest_;
  bool done_ = false;
  bool refused_ = false;
};

inline Lines read_http(std::string_view bytes, const HttpReading& how = {}) {
  return HttpLog(how).feed(bytes).finish();
}

/// However the bytes are cut, the parser tells this.
inline void expect_http(std::string_view bytes, const Lines& expected,
                        const HttpReading& how = {}) {
  ASSERT_EQ(read_http(bytes, how), expected);
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    HttpLog log(how);
    ASSERT_EQ(log.feed(bytes.substr(0, cut)).feed(bytes.substr(cut)).finish(), expected)
        << "cut at byte " << cut;
  }
  HttpLog log(how);
  for (std::size_t i = 0; i < bytes.size(); ++i) log.feed(bytes.substr(i, 1));
  ASSERT_EQ(log.finish(), expected) << "byte by byte";
}

}  // namespace pushbench::test
