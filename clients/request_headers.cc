#include "clients/request_headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "wire/http.h"

namespace pushbench::clients {

namespace {

constexpr std::string_view kCookie = "{cookie}";
constexpr std::string_view kHost = "{host}";
constexpr std::string_view kOrigin = "{origin}";
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kTokenCharacters =  // RFC 9110 §5.6.2
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

struct Section {
  std::string_view name;
  std::string RequestHeaders::*lines;
};

constexpr std::array kSections{
    Section{"fetch", &RequestHeaders::fetch},
    Section{"post", &RequestHeaders::post},
    Section{"event-stream", &RequestHeaders::event_stream},
    Section{"websocket", &RequestHeaders::websocket},
};

/// What a client writes by itself, or cannot keep a promise about.
constexpr std::array<std::string_view, 9> kClientsOwn{
    "Host",   "Connection",    "Content-Length",    "Transfer-Encoding", "Upgrade",
    "Expect", "Last-Event-ID", "If-Modified-Since", "If-None-Match"};

bool is_clients_own(std::string_view name) {
  constexpr std::string_view handshake = "Sec-WebSocket-";
  return wire::equals_ignoring_case(name.substr(0, handshake.size()), handshake) ||
         std::any_of(kClientsOwn.begin(), kClientsOwn.end(), [name](std::string_view own) {
           return wire::equals_ignoring_case(name, own);
         });
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

std::string_view trim(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

/// One of a site's usual shape, of just that many bytes.
std::string cookie_of(std::size_t bytes) {
  std::string cookie = "session=";
  if (bytes < cookie.size() + 1) cookie.clear();  // no room for a name: a value alone is a cookie
  while (cookie.size() < bytes) cookie += kLetters[cookie.size() % kLetters.size()];
  return cookie;
}

/// The first word in braces that stands for nothing; "" if there is none.
std::string_view unknown_word(std::string_view value) {
  for (std::size_t open; (open = value.find('{')) != std::string_view::npos;) {
    value.remove_prefix(open);
    const std::size_t end = value.find_first_not_of(kLetters, 1);
    const bool is_word = end != std::string_view::npos && end > 1 && value[end] == '}';
    const std::string_view word = value.substr(0, is_word ? end + 1 : 1);
    if (is_word && word != kHost && word != kOrigin) return word;
    value.remove_prefix(word.size());
  }
  return {};
}

std::string replaced(std::string text, std::string_view word, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += by.size()) {
    text.replace(at, word.size(), by);
  }
  return text;
}

/// Goes through a file line by line.
class Reader {
 public:
  Reader(const std::string& path, std::size_t cookie_bytes)
      : path_(path), cookie_bytes_(cookie_bytes) {}

  Result<RequestHeaders> read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      if (const auto taken = take_line(text.substr(0, end)); !taken) {
        return tl::unexpected(taken.error());
      }
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return finish();
  }

 private:
  tl::unexpected<Error> wrong(std::string what) const {
    return failure(fmt::format("{}:{}", path_, line_), std::move(what));
  }

  Result<void> take_line(std::string_view line) {
    ++line_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = trim(line);
    if (line.empty() || line.front() == '#') return {};
    if (std::any_of(line.begin(), line.end(), is_control)) {
      return wrong("has a control character; write the header as one line of text");
    }
    return line.front() == '[' ? begin_section(line) : take_header(line);
  }

  Result<void> begin_section(std::string_view line) {
    const auto found = std::find_if(kSections.begin(), kSections.end(), [line](const Section& s) {
      return line == fmt::format("[{}]", s.name);
    });
    if (found == kSections.end()) {
      return wrong(fmt::format(
          "{} is no section; there are [fetch], [post], [event-stream] and [websocket]", line));
    }
    section_ = &*found;
    if (std::find(begun_.begin(), begun_.end(), section_) != begun_.end()) {
      return wrong(fmt::format("{} is there already; write it once", line));
    }
    begun_.push_back(section_);
    names_.clear();
    return {};
  }

  Result<void> take_header(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return wrong("is no header; write Name: value, a [section] or a # comment");
    }
    const std::string_view name = line.substr(0, colon);
    if (name.empty() || name.find_first_not_of(kTokenCharacters) != std::string_view::npos) {
      return wrong(fmt::format("\"{}\" is no header name; write Name: value", name));
    }
    if (section_ == nullptr) {
      return wrong("stands above the first section; write [fetch] before it, say");
    }
    if (auto fine = remember(name); !fine) return fine;
    return add(name, trim(line.substr(colon + 1)));
  }

  Result<void> remember(std::string_view name) {
    const bool twice = std::any_of(names_.begin(), names_.end(), [name](std::string_view known) {
      return wire::equals_ignoring_case(known, name);
    });
    if (twice) return wrong(fmt::format("{} is there already in [{}]", name, section_->name));
    names_.push_back(name);
    return {};
  }

  Result<void> add(std::string_view name, std::string_view value) {
    std::string& lines = headers_.*section_->lines;
    if (wire::equals_ignoring_case(name, "Connection") && section_->name != "websocket") {
      if (!wire::equals_ignoring_case(value, "keep-alive")) {
        return wrong("Connection may only be keep-alive; leave it out otherwise");
      }
      lines.insert(0, kKeepAliveLine);
      return {};
    }
    if (is_clients_own(name)) {
      return wrong(fmt::format("{} is written by the client itself; leave it out", name));
    }
    if (value.find(kCookie) != std::string_view::npos) return add_cookie(name, value);
    if (const std::string_view word = unknown_word(value); !word.empty()) {
      return wrong(fmt::format(
          "{} stands for nothing; there are {{host}}, {{origin}} and {{cookie}}", word));
    }
    lines += fmt::format("{}: {}\r\n", name, value);
    return {};
  }

  Result<void> add_cookie(std::string_view name, std::string_view value) {
    if (value != kCookie || !wire::equals_ignoring_case(name, "Cookie")) {
      return wrong("{cookie} is the whole value of Cookie; write Cookie: {cookie}");
    }
    has_cookie_ = true;
    if (cookie_bytes_ == 0) return {};
    headers_.*section_->lines += fmt::format("{}: {}\r\n", name, cookie_of(cookie_bytes_));
    return {};
  }

  Result<RequestHeaders> finish() {
    for (const Section& section : kSections) {
      if (std::find(begun_.begin(), begun_.end(), &section) != begun_.end()) continue;
      return failure(path_, fmt::format("lacks the section [{}]; it may be empty", section.name));
    }
    if (cookie_bytes_ > 0 && !has_cookie_) {
      return failure(path_, fmt::format("has no place for a cookie of {} bytes; write Cookie: "
                                        "{{cookie}} where one is sent",
                                        cookie_bytes_));
    }
    headers_.name = std::filesystem::path(path_).stem().string();
    return std::move(headers_);
  }

  const std::string& path_;
  const std::size_t cookie_bytes_;
  RequestHeaders headers_{{}, {}, {}, {}, {}};
  std::size_t line_ = 0;
  const Section* section_ = nullptr;
  std::vector<const Section*> begun_;
  std::vector<std::string_view> names_;  // of the section so far
  bool has_cookie_ = false;
};

}  // namespace

RequestHeaders RequestHeaders::for_server(std::string_view host, bool secure) const {
  RequestHeaders filled = *this;
  const std::string origin = fmt::format("{}://{}", secure ? "https" : "http", host);
  for (const Section& section : kSections) {
    std::string& lines = filled.*section.lines;
    lines = replaced(replaced(std::move(lines), kOrigin, origin), kHost, host);
  }
  return filled;
}

Result<RequestHeaders> parse_request_headers(std::string_view text, const std::string& path,
                                             std::size_t cookie_bytes) {
  return Reader(path, cookie_bytes).read(text);
}

Result<RequestHeaders> read_request_headers(const std::string& path, std::size_t cookie_bytes) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    return failure(path, "cannot be read; name a file like scenarios/headers/minimal.txt");
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_request_headers(text, path, cookie_bytes);
}

}  // namespace pushbench::clients
