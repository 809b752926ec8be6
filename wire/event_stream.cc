#include "wire/event_stream.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/number.h"

namespace pushbench::wire {

std::string event_start(std::string_view id) { return fmt::format("id: {}\ndata: ", id); }

std::string retry_line(std::uint64_t ms) { return fmt::format("retry: {}\n\n", ms); }

namespace {

std::size_t line_length(std::string_view bytes) {
  const auto end =
      std::find_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; });
  return static_cast<std::size_t>(end - bytes.begin());
}

}  // namespace

Result<void> EventStreamParser::feed(std::string_view bytes, EventSink& sink) {
  while (!bytes.empty()) {
    if (after_cr_) {
      after_cr_ = false;
      if (bytes.front() == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
    }
    const std::size_t end = line_length(bytes);
    std::string_view line = bytes.substr(0, end);
    if (auto sized = check_size(line_.size() + line.size()); !sized) return sized;
    if (end == bytes.size()) {
      line_ += line;
      return {};
    }
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    if (!line_.empty()) line = line_ += line;  // it began in an earlier piece
    take_line(line, sink);
    line_.clear();
  }
  return {};
}

Result<void> EventStreamParser::check_size(std::size_t line) const {
  if (data_.size() + line <= max_event_) return {};
  return failure("event stream", fmt::format("has an event over {} bytes", max_event_));
}

void EventStreamParser::take_line(std::string_view line, EventSink& sink) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (first_line_ && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  first_line_ = false;
  if (line.empty()) return dispatch(sink);
  const std::size_t colon = std::min(line.find(':'), line.size());
  if (colon == 0) return;  // a comment
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value, sink);
}

void EventStreamParser::take_field(std::string_view name, std::string_view value, EventSink& sink) {
  if (name == "data") {
    data_ += value;
    data_ += '\n';
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_ = value;
  } else if (name == "event") {
    type_ = value;
  } else if (name == "retry") {
    std::uint64_t ms = 0;
    if (read_number(value, ms)) sink.on_retry(ms);
  }
}

void EventStreamParser::dispatch(EventSink& sink) {
  last_id_ = id_;
  if (!data_.empty()) {
    const std::string_view data(data_.data(), data_.size() - 1);
    sink.on_event(type_.empty() ? "message" : std::string_view(type_), data, last_id_);
  }
  data_.clear();
  type_.clear();
}

void EventStreamParser::reset() {
  line_.clear();
  type_.clear();
  data_.clear();
  id_ = last_id_;
  first_line_ = true;
  after_cr_ = false;
}

}  // namespace pushbench::wire
