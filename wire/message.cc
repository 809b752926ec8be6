#include "wire/message.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <iterator>

#include "wire/number.h"

namespace pushbench::wire {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

}  // namespace

Result<Cursor> parse_cursor(std::string_view text) {
  Cursor cursor;
  const std::size_t dot = text.find('.');
  const bool has_epoch = dot != std::string_view::npos;
  if (has_epoch) cursor.epoch = text.substr(0, dot);
  const std::string_view seq = has_epoch ? text.substr(dot + 1) : text;
  if ((has_epoch && (dot == 0 || dot > 32)) || !read_number(seq, cursor.seq)) {
    return failure("after", "write the last seq you have, as in after=17 or after=k3f9.17");
  }
  return cursor;
}

namespace {

bool needs_escape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

void append_escaped(std::string& out, char c) {
  if (c == '\n') {
    out += "\\n";
  } else if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
  }
}

}  // namespace

void append_quoted(std::string& out, std::string_view utf8) {
  out += '"';
  while (!utf8.empty()) {
    const auto stop = std::find_if(utf8.begin(), utf8.end(), needs_escape);
    const auto plain = static_cast<std::size_t>(stop - utf8.begin());
    out += utf8.substr(0, plain);
    if (stop != utf8.end()) append_escaped(out, *stop);
    utf8.remove_prefix(std::min(plain + 1, utf8.size()));
  }
  out += '"';
}

namespace {

/// What a publisher said, as it stands in a draft and in a message.
void append_said(std::string& out, const Draft& said) {
  out += R"("from":)";
  append_quoted(out, said.from);
  out += R"(,"text":)";
  append_quoted(out, said.text);
  if (said.id.empty()) return;
  out += R"(,"id":)";
  append_quoted(out, said.id);
}

}  // namespace

void append_message(std::string& out, const Message& message) {
  fmt::format_to(std::back_inserter(out), R"({{"seq":{},)", message.seq);
  append_said(out, {message.from, message.text, message.id});
  fmt::format_to(std::back_inserter(out), R"(,"at":{}}})", message.at);
}

void append_gap(std::string& out, const Gap& gap) {
  fmt::format_to(std::back_inserter(out),
                 R"({{"gap":{{"reason":"{}","after":{},"oldest":{},"last":{},"epoch":"{}"}}}})",
                 gap.reason, gap.after, gap.oldest, gap.last, gap.epoch);
}

std::string encode_draft(const Draft& draft) {
  std::string out = "{";
  append_said(out, draft);
  return out + "}";
}

std::string encode_problem(int status, std::string_view title, std::string_view detail) {
  std::string out = fmt::format(R"({{"status":{},"title":)", status);
  append_quoted(out, title);
  out += R"(,"detail":)";
  append_quoted(out, detail);
  out += '}';
  return out;
}

struct DraftReader::Json {
  simdjson::dom::parser parser;
};

struct BatchReader::Json {
  simdjson::dom::parser parser;
};

DraftReader::DraftReader(DraftLimits limits) : limits_(limits), json_(std::make_unique<Json>()) {}
DraftReader::~DraftReader() = default;

namespace {

tl::unexpected<DraftError> refused(std::string_view where, std::string what) {
  return tl::unexpected<DraftError>({{std::string(where), std::move(what)}, false});
}

tl::expected<std::string_view, DraftError> string_field(object draft, std::string_view name,
                                                        std::size_t limit, bool required) {
  std::string_view text;
  const simdjson::error_code error = draft[name].get_string().get(text);
  if (error == simdjson::NO_SUCH_FIELD && !required) return text;
  if (error == simdjson::NO_SUCH_FIELD) {
    return refused(name, R"(is missing; send {"from":"ann","text":"hi"})");
  }
  if (error != simdjson::SUCCESS) return refused(name, "must be a string");
  if (text.empty()) return refused(name, "is empty; give it at least one character");
  if (text.size() <= limit) return text;
  return tl::unexpected<DraftError>(
      {{std::string(name),
        fmt::format("is {} bytes long; at most {} are taken", text.size(), limit)},
       name == "text"});
}

}  // namespace

tl::expected<Draft, DraftError> DraftReader::read(std::string_view json) {
  object draft;
  if (json.empty() ||  // and perhaps nowhere, from where simdjson would copy
      json_->parser.parse(json.data(), json.size()).get_object().get(draft) != simdjson::SUCCESS) {
    return refused("body", R"(is not a JSON object in UTF-8; send {"from":"ann","text":"hi"})");
  }
  auto from = string_field(draft, "from", limits_.from, true);
  if (!from) return tl::unexpected(from.error());
  auto text = string_field(draft, "text", limits_.text, true);
  if (!text) return tl::unexpected(text.error());
  auto id = string_field(draft, "id", limits_.id, false);
  if (!id) return tl::unexpected(id.error());
  return Draft{*from, *text, *id};
}

BatchReader::BatchReader() : json_(std::make_unique<Json>()) {}
BatchReader::~BatchReader() = default;

namespace {

bool read_gap(element item, Gap& gap) {
  return item["reason"].get(gap.reason) == simdjson::SUCCESS &&
         item["after"].get(gap.after) == simdjson::SUCCESS &&
         item["oldest"].get(gap.oldest) == simdjson::SUCCESS &&
         item["last"].get(gap.last) == simdjson::SUCCESS &&
         item["epoch"].get(gap.epoch) == simdjson::SUCCESS;
}

bool read_message(element item, Message& message) {
  const bool complete = item["seq"].get(message.seq) == simdjson::SUCCESS &&
                        item["from"].get(message.from) == simdjson::SUCCESS &&
                        item["text"].get(message.text) == simdjson::SUCCESS &&
                        item["at"].get(message.at) == simdjson::SUCCESS;
  const simdjson::error_code id = item["id"].get(message.id);
  return complete && (id == simdjson::SUCCESS || id == simdjson::NO_SUCH_FIELD);
}

tl::unexpected<Error> no_draft() {
  return failure("message", R"(is no draft, such as {"from":"ann","text":"hi","id":"a1"})");
}

Result<Draft> draft_in(element document) {
  Draft draft;
  const bool complete = document["from"].get(draft.from) == simdjson::SUCCESS &&
                        document["text"].get(draft.text) == simdjson::SUCCESS;
  const simdjson::error_code id = document["id"].get(draft.id);
  if (complete && (id == simdjson::SUCCESS || id == simdjson::NO_SUCH_FIELD)) return draft;
  return no_draft();
}

Result<void> read_item(element item, BatchSink& sink) {
  element inner;
  if (item["gap"].get(inner) == simdjson::SUCCESS) {
    Gap gap;
    if (!read_gap(inner, gap)) return failure("batch", "has a gap that lacks a field");
    sink.on_gap(gap);
    return {};
  }
  Message message;
  if (!read_message(item, message)) return failure("batch", "has a message that lacks a field");
  sink.on_message(message);
  return {};
}

}  // namespace

Result<Draft> BatchReader::read_draft(std::string_view json) {
  element document;
  if (json.empty() ||
      json_->parser.parse(json.data(), json.size()).get(document) != simdjson::SUCCESS) {
    return no_draft();
  }
  return draft_in(document);
}

Result<std::optional<Draft>> BatchReader::read_event(std::string_view json, std::string_view name) {
  element document;
  std::string_view named;
  if (json.empty() ||
      json_->parser.parse(json.data(), json.size()).get(document) != simdjson::SUCCESS ||
      document.at(0).get(named) != simdjson::SUCCESS) {
    return failure("event", R"(is not JSON such as ["message",{"from":"ann","text":"hi"}])");
  }
  if (named != name) return std::nullopt;
  element draft;
  if (document.at(1).get(draft) != simdjson::SUCCESS) return no_draft();
  return draft_in(draft);
}

Result<void> BatchReader::read(std::string_view json, BatchSink& sink) {
  element document;
  if (json.empty() ||
      json_->parser.parse(json.data(), json.size()).get(document) != simdjson::SUCCESS) {
    return failure("batch", "is not JSON");
  }
  std::string_view problem;
  if (document["problem"]["detail"].get(problem) == simdjson::SUCCESS) {
    sink.on_problem(problem);
    return {};
  }
  simdjson::dom::array items;
  if (document.get(items) != simdjson::SUCCESS) return failure("batch", "is not a JSON array");
  for (const element item : items) {
    if (auto read = read_item(item, sink); !read) return read;
  }
  return {};
}

}  // namespace pushbench::wire
