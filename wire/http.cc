#include "wire/http.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "wire/http_head.h"

namespace pushbench::wire {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

/// 1 if a byte may not stand behind another one, else 0. All bytes of all heads come by here: in
/// numbers of a byte and without branches, the compiler takes sixteen at a time.
std::uint8_t is_wrong_pair(char before, char c, std::uint8_t is_request) {
  const std::uint8_t after_cr = before == '\r' ? 1 : 0;
  const std::uint8_t after_lf = before == '\n' ? 1 : 0;
  const std::uint8_t is_lf = c == '\n' ? 1 : 0;
  const std::uint8_t is_blank = c == ' ' || c == '\t' ? 1 : 0;
  return static_cast<std::uint8_t>((after_cr ^ is_lf) | (after_lf & is_blank & is_request));
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view take_member(std::string_view& list) {
  const std::size_t comma = std::min(list.find(','), list.size());
  const std::string_view member = trimmed(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return member;
}

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    if (equals_ignoring_case(take_member(list), token)) return true;
  }
  return false;
}

std::string chunk_start(std::size_t size) { return fmt::format("{:x}\r\n", size); }

std::string_view HttpMessage::method() const {
  return llhttp_method_name(static_cast<llhttp_method_t>(method_));
}

std::string_view HttpMessage::header(std::string_view name) const {
  for (const Field& field : fields_) {
    if (equals_ignoring_case(view(field.name), name)) return view(field.value);
  }
  return {};
}

std::size_t HttpMessage::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      fields_.begin(), fields_.end(),
      [this, name](const Field& field) { return equals_ignoring_case(view(field.name), name); }));
}

std::string HttpMessage::header_list(std::string_view name) const {
  std::string list;
  bool first = true;
  for (const Field& field : fields_) {
    if (!equals_ignoring_case(view(field.name), name)) continue;
    if (!std::exchange(first, false)) list += ", ";
    list += view(field.value);
  }
  return list;
}

// llhttp's callbacks: each finds its parser in `data` and appends to the message.
struct HttpParser::Callbacks {
  static HttpParser& self(llhttp_t* p) { return *static_cast<HttpParser*>(p->data); }

  static int on_begin(llhttp_t* p) {
    self(p).in_message_ = true;
    return 0;
  }

  static int on_url(llhttp_t* p, const char* at, std::size_t length) {
    HttpParser& parser = self(p);
    parser.append(parser.message_.target_, at, length);
    return 0;
  }

  static int on_field(llhttp_t* p, const char* at, std::size_t length) {
    HttpParser& parser = self(p);
    if (parser.head_complete_) return 0;  // trailers are dropped: none may pass for a header
    if (parser.message_.fields_.empty() || parser.in_value_) {
      parser.message_.fields_.emplace_back();
      parser.in_value_ = false;
    }
    parser.append(parser.message_.fields_.back().name, at, length);
    return 0;
  }

  // An empty name may come without a data callback: no field has begun then.
  static int on_field_complete(llhttp_t* p) {
    HttpParser& parser = self(p);
    if (parser.head_complete_) return 0;
    const std::vector<HttpMessage::Field>& fields = parser.message_.fields_;
    const bool named = !fields.empty() && !parser.in_value_ && fields.back().name.length > 0;
    if (!named) return parser.refuse(400, "a header has no name");
    if (fields.size() > parser.limits_.headers) return parser.refuse(431, "too many headers");
    return 0;
  }

  static int on_value(llhttp_t* p, const char* at, std::size_t length) {
    HttpParser& parser = self(p);
    if (parser.head_complete_) return 0;
    parser.in_value_ = true;
    parser.append(parser.message_.fields_.back().value, at, length);
    return 0;
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

  // Pauses, so that feed() knows where the head ends.
  static int on_headers_complete(llhttp_t* p) {
    HttpParser& parser = self(p);
    HttpMessage& message = parser.message_;
    message.method_ = p->method;
    message.status_ = p->status_code;
    message.http_1_0_ = p->http_minor == 0;
    message.upgrade_ = p->upgrade != 0;
    message.chunked_ = (p->flags & F_CHUNKED) != 0;
    if ((p->flags & F_CONTENT_LENGTH) != 0) message.body_length_ = p->content_length;
    // These have no body, whatever length they state (RFC 9112 §6.3).
    const int status = p->type == HTTP_RESPONSE ? p->status_code : 0;
    if (status / 100 == 1 || status == 204 || status == 304) p->flags |= F_SKIPBODY;
    message.keep_alive_ = llhttp_should_keep_alive(p) != 0;

    if (p->http_major != 1) return parser.refuse(400, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    if (auto fault = head_fault(message, p->type == HTTP_REQUEST))
      return parser.refuse(fault->status, fault->what);
    parser.head_complete_ = true;
    parser.expects_continue_ = p->type == HTTP_REQUEST && waits_for_continue(message);
    return HPE_PAUSED;
  }

  static int on_chunk_header(llhttp_t* p) {
    HttpParser& parser = self(p);
    if (parser.body_to_sink_) return 0;
    if (p->content_length <= parser.limits_.body - parser.message_.body_.length) return 0;
    return parser.refuse(413, "the body is longer than the limit");
  }

  static int on_body(llhttp_t* p, const char* at, std::size_t length) {
    HttpParser& parser = self(p);
    if (!parser.framing_is_sound(at)) return HPE_USER;
    parser.framing_end_ = at + length;
    parser.framing_ -= std::min<std::uint64_t>(parser.framing_, kFramingPerByte * length);
    if (parser.body_to_sink_) {
      parser.sink_->on_body({at, length});
      return 0;
    }
    if (parser.message_.body_.length + length > parser.limits_.body) {
      return parser.refuse(413, "the body is longer than the limit");
    }
    parser.append(parser.message_.body_, at, length);
    return 0;
  }

  static int on_complete(llhttp_t* p) {
    HttpParser& parser = self(p);
    parser.complete_ = true;
    parser.in_message_ = parser.expects_continue_ = false;
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
      s.on_chunk_header = on_chunk_header;
      s.on_body = on_body;
      s.on_message_complete = on_complete;
      return s;
    }();
    return &table;
  }

  static constexpr std::uint64_t kFramingPerByte = 8;
};

HttpParser::HttpParser(Kind kind, HttpLimits limits, BodySink* sink)
    : parser_{}, limits_(limits), sink_(sink) {
  llhttp_init(&parser_, kind == Kind::requests ? HTTP_REQUEST : HTTP_RESPONSE,
              Callbacks::settings());
  parser_.data = this;
}

int HttpParser::refuse(int status, std::string_view what) {
  refused_ = {status, std::string(what)};
  return HPE_USER;
}

void HttpParser::append(HttpMessage::Slice& slice, const char* at, std::size_t length) {
  std::string& text = message_.text_;
  if (slice.length == 0) slice.offset = text.size();
  text.append(at, length);
  slice.length += length;
}

/// llhttp takes some lines that another reader would cut elsewhere: each must end with CR LF,
/// neither may stand alone (RFC 9112 §2.2), and in a request none may begin with a blank, which
/// once continued the line above (§5.2).
bool HttpParser::lines_are_sound(std::string_view lines) {
  if (lines.empty()) return true;
  const std::uint8_t is_request = parser_.type == HTTP_REQUEST ? 1 : 0;
  std::uint8_t wrong = is_wrong_pair(last_byte_, lines.front(), is_request);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    wrong |= is_wrong_pair(lines[i - 1], lines[i], is_request);
  }
  last_byte_ = lines.back();
  if (wrong != 0) refuse(400, "a line does not end with CR LF, or begins with a blank");
  return wrong == 0;
}

/// The head is complete and sound: who takes the body, and is it too long for that?
bool HttpParser::body_is_welcome() {
  body_to_sink_ = sink_ != nullptr && sink_->on_head(message_);
  const bool comes = (parser_.flags & F_SKIPBODY) == 0;
  if (body_to_sink_ || !comes || message_.body_length().value_or(0) <= limits_.body) return true;
  refuse(413, "the body is longer than the limit");
  return false;
}

/// Looks at what stands around the body up to `end`: chunk sizes, extensions, trailers. Each byte
/// of body pays for a few of these, so that a stream may be endless and its chunks small, but
/// nobody is kept reading for nothing.
bool HttpParser::framing_is_sound(const char* end) {
  const std::string_view framing(framing_end_, static_cast<std::size_t>(end - framing_end_));
  framing_end_ = end;
  framing_ += framing.size();
  if (framing_ <= limits_.head) return lines_are_sound(framing);
  refuse(400, "the chunks carry too much beside the body");
  return false;
}

HttpError HttpParser::too_long_head() const {
  if (!message_.fields_.empty() || parser_.type != HTTP_REQUEST) {
    return {431, "the headers are longer than the limit"};
  }
  if (message_.target_.length > 0) return {414, "the request line is longer than the limit"};
  return {400, "there is no request after so many bytes"};
}

tl::unexpected<HttpError> HttpParser::refusal() {
  if (refused_.status == 0) {
    const char* reason = llhttp_get_error_reason(&parser_);
    refused_ = {400, fmt::format("not HTTP/1.1: {}", reason != nullptr ? reason : "malformed")};
  }
  return tl::unexpected(refused_);
}

tl::expected<HttpParser::Fed, HttpError> HttpParser::feed(std::string_view bytes) {
  if (refused_.status != 0) return refusal();
  if (bytes.empty() || complete_) return Fed{0, complete_};
  std::size_t consumed = 0;
  if (!head_complete_) {
    const auto head = feed_head(bytes);
    if (!head) return tl::unexpected(head.error());
    consumed = *head;
    if (!head_complete_) return Fed{consumed, false};
  }
  const auto body = feed_body(bytes.substr(consumed));
  if (!body) return tl::unexpected(body.error());
  return Fed{consumed + *body, complete_};
}

/// Takes bytes up to the end of the head, and no more than a head may have: so what is refused, and
/// why, does not hang on how the bytes are cut.
tl::expected<std::size_t, HttpError> HttpParser::feed_head(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, limits_.head - head_bytes_);
  const llhttp_errno_t code = llhttp_execute(&parser_, head.data(), head.size());
  const char* const end =
      code == HPE_OK ? head.data() + head.size() : llhttp_get_error_pos(&parser_);
  const auto taken = static_cast<std::size_t>(end - head.data());
  if (!lines_are_sound(head.substr(0, taken))) return refusal();
  if (code != HPE_OK && code != HPE_PAUSED) return refusal();
  head_bytes_ += taken;
  if (!head_complete_ && head_bytes_ == limits_.head) {
    refused_ = too_long_head();
    return refusal();
  }
  if (head_complete_ && !body_is_welcome()) return refusal();
  return taken;
}

/// Takes bytes up to the end of the message whose head is complete, also none.
tl::expected<std::size_t, HttpError> HttpParser::feed_body(std::string_view bytes) {
  if (!bytes.empty()) expects_continue_ = false;
  framing_end_ = bytes.data();
  llhttp_resume(&parser_);
  const llhttp_errno_t code = llhttp_execute(&parser_, bytes.data(), bytes.size());
  const char* const end =
      code == HPE_OK ? bytes.data() + bytes.size() : llhttp_get_error_pos(&parser_);
  if (!framing_is_sound(end)) return refusal();
  if (code != HPE_OK && code != HPE_PAUSED) return refusal();
  return static_cast<std::size_t>(end - bytes.data());
}

tl::expected<bool, HttpError> HttpParser::finish() {
  if (refused_.status != 0) return refusal();
  if (!in_message_) return complete_;  // llhttp goes past a message only with the next byte
  const llhttp_errno_t code = llhttp_finish(&parser_);
  if (code == HPE_OK || code == HPE_PAUSED) return complete_;
  return refusal();
}

void HttpParser::next() {
  llhttp_reset(&parser_);  // nothing of a message, be it in its trailers, is left for the next
  message_.text_.clear();
  message_.fields_.clear();
  message_.target_ = message_.body_ = {};
  message_.body_length_.reset();
  message_.method_ = 0;
  message_.status_ = 0;
  message_.keep_alive_ = message_.http_1_0_ = message_.upgrade_ = message_.chunked_ = false;
  head_bytes_ = 0;
  framing_ = 0;
  last_byte_ = '\n';
  in_value_ = head_complete_ = expects_continue_ = body_to_sink_ = complete_ = false;
}

}  // namespace pushbench::wire
