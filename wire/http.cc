#include "wire/http.h"

#include <algorithm>
#include <utility>

namespace pushbench::wire {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (equals_ignoring_case(trimmed(list.substr(0, comma)), token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

std::string_view HttpMessage::method() const {
  return llhttp_method_name(static_cast<llhttp_method_t>(method_));
}

std::string_view HttpMessage::header(std::string_view name) const {
  for (const Field& field : fields_) {
    if (equals_ignoring_case(view(field.name), name)) return view(field.value);
  }
  return {};
}

std::string HttpMessage::header_list(std::string_view name) const {
  std::string list;
  for (const Field& field : fields_) {
    if (!equals_ignoring_case(view(field.name), name)) continue;
    if (!list.empty()) list += ", ";
    list += view(field.value);
  }
  return list;
}

std::size_t HttpMessage::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      fields_.begin(), fields_.end(),
      [&](const Field& field) { return equals_ignoring_case(view(field.name), name); }));
}

// llhttp's callbacks: each finds its parser in `data` and appends to the message.
struct HttpParser::Callbacks {
  static constexpr int kSkipBody = 1;  // what on_headers_complete may return

  static HttpParser& self(llhttp_t* p) { return *static_cast<HttpParser*>(p->data); }

  static int on_begin(llhttp_t* p) {
    self(p).in_message_ = true;
    return 0;
  }

  static int on_url(llhttp_t* p, const char* at, std::size_t length) {
    HttpParser& parser = self(p);
    if (parser.message_.text_.size() + length > parser.limits_.head) {
      return parser.refuse(414, "the request target is longer than the limit on heads");
    }
    return parser.append(parser.message_.target_, at, length);
  }

  static int on_field(llhttp_t* p, const char* at, std::size_t length) {
    HttpParser& parser = self(p);
    if (parser.head_complete_) return 0;  // trailers are dropped: none may pass for a header
    if (parser.message_.fields_.empty() || parser.in_value_) {
      parser.message_.fields_.emplace_back();
      parser.in_value_ = false;
    }
    return parser.append(parser.message_.fields_.back().name, at, length);
  }

  // An empty name may come without a data callback: no field has begun then.
  static int on_field_complete(llhttp_t* p) {
    HttpParser& parser = self(p);
    if (parser.head_complete_) return 0;
    const bool named = !parser.message_.fields_.empty() && !parser.in_value_ &&
                       parser.message_.fields_.back().name.length > 0;
    return named ? 0 : parser.refuse(400, "a header has no name");
  }

  static int on_value(llhttp_t* p, const char* at, std::size_t length) {
    HttpParser& parser = self(p);
    if (parser.head_complete_) return 0;
    parser.in_value_ = true;
    return parser.append(parser.message_.fields_.back().value, at, length);
  }

  // An empty value has no data callback, yet it must end the field before the next name begins.
  // llhttp leaves the blanks after a value, which are not part of it (RFC 9112 §5.1).
  static int on_value_complete(llhttp_t* p) {
    HttpParser& parser = self(p);
    if (parser.head_complete_) return 0;
    parser.in_value_ = true;
    HttpMessage::Slice& value = parser.message_.fields_.back().value;
    if (value.length == 0) value.offset = parser.message_.text_.size();
    const std::string_view text = trimmed(parser.message_.view(value));
    value = {static_cast<std::size_t>(text.data() - parser.message_.text_.data()), text.size()};
    return 0;
  }

  static int on_headers_complete(llhttp_t* p) {
    HttpParser& parser = self(p);
    if (p->http_major != 1) return parser.refuse(400, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    parser.head_complete_ = true;
    parser.message_.method_ = p->method;
    parser.message_.status_ = p->status_code;
    // These have no body, whatever length they state (RFC 9112 §6.3).
    const int status = p->type == HTTP_RESPONSE ? p->status_code : 0;
    if (status / 100 == 1 || status == 204 || status == 304) return kSkipBody;
    if (p->content_length > parser.limits_.body) {
      return parser.refuse(413, "the body is longer than the limit");
    }
    return 0;
  }

  static int on_body(llhttp_t* p, const char* at, std::size_t length) {
    HttpParser& parser = self(p);
    if (parser.message_.body_.length + length > parser.limits_.body) {
      return parser.refuse(413, "the body is longer than the limit");
    }
    return parser.append(parser.message_.body_, at, length);
  }

  static int on_complete(llhttp_t* p) {
    HttpParser& parser = self(p);
    parser.message_.keep_alive_ = llhttp_should_keep_alive(p) != 0;
    parser.message_.http_1_0_ = p->http_major == 1 && p->http_minor == 0;
    parser.message_.upgrade_ = p->upgrade != 0;
    parser.complete_ = true;
    parser.in_message_ = false;
    return HPE_PAUSED;
  }

  static const llhttp_settings_t* settings() {
    static const llhttp_settings_t table = [] {
      llhttp_settings_t s;
      llhttp_settings_init(&s);
      s.on_message_begin = on_begin;
      s.on_url = on_url;
      s.on_header_field = on_field;
      s.on_header_field_complete = on_field_complete;
      s.on_header_value = on_value;
      s.on_header_value_complete = on_value_complete;
      s.on_headers_complete = on_headers_complete;
      s.on_body = on_body;
      s.on_message_complete = on_complete;
      return s;
    }();
    return &table;
  }
};

HttpParser::HttpParser(Kind kind, HttpLimits limits) : parser_{}, limits_(limits) {
  llhttp_init(&parser_, kind == Kind::requests ? HTTP_REQUEST : HTTP_RESPONSE,
              Callbacks::settings());
  parser_.data = this;
}

int HttpParser::refuse(int status, std::string_view what) {
  refused_ = {status, std::string(what)};
  return HPE_USER;
}

int HttpParser::append(HttpMessage::Slice& slice, const char* at, std::size_t length) {
  std::string& text = message_.text_;
  if (slice.length == 0) slice.offset = text.size();
  text.append(at, length);
  slice.length += length;
  const std::size_t head = text.size() - message_.body_.length;
  if (head > limits_.head) return refuse(431, "the headers are longer than the limit");
  return 0;
}

HttpError HttpParser::refusal() {
  if (refused_.status != 0) return refused_;
  return {400, std::string("not HTTP/1.1: ") + llhttp_get_error_reason(&parser_)};
}

tl::expected<HttpParser::Fed, HttpError> HttpParser::feed(std::string_view bytes) {
  llhttp_errno_t code = llhttp_execute(&parser_, bytes.data(), bytes.size());
  if (code == HPE_PAUSED_UPGRADE) {
    // After a request to upgrade llhttp stops before its first byte in case that it belongs to the
    // other protocol. Who feeds it here goes on with HTTP.
    llhttp_resume_after_upgrade(&parser_);
    code = llhttp_execute(&parser_, bytes.data(), bytes.size());
  }
  if (code == HPE_OK) return Fed{bytes.size(), false};
  if (code != HPE_PAUSED) return tl::unexpected(refusal());
  const char* end = llhttp_get_error_pos(&parser_);
  return Fed{static_cast<std::size_t>(end - bytes.data()), complete_};
}

tl::expected<bool, HttpError> HttpParser::finish() {
  if (!in_message_) return complete_;  // llhttp goes past a message only with the next byte
  const llhttp_errno_t code = llhttp_finish(&parser_);
  if (code == HPE_OK || code == HPE_PAUSED) return complete_;
  return tl::unexpected(refusal());
}

void HttpParser::next() {
  llhttp_resume(&parser_);
  message_.text_.clear();
  message_.fields_.clear();
  message_.target_ = message_.body_ = {};
  message_.method_ = 0;
  message_.status_ = 0;
  message_.keep_alive_ = message_.http_1_0_ = message_.upgrade_ = false;
  in_value_ = head_complete_ = complete_ = false;
}

}  // namespace pushbench::wire
