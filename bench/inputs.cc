#include "bench/inputs.h"

#include <fmt/format.h>

#include <array>

#include "clients/requests.h"
#include "harness/trace.h"

namespace pushbench::bench {

namespace {

const std::string kScenarios = PUSHBENCH_SOURCE_DIR "/scenarios/";
constexpr std::uint64_t kFromMs = 11 * 60 * 1000;
constexpr std::int64_t kAt = 1'764'000'000'000;  // ms since 1970

/// As many bytes of text as people in such a channel write, quotes and all.
std::string words(std::size_t bytes, std::size_t number) {
  constexpr std::array<std::string_view, 4> kSentences{
      "did you run the update before you rebooted? ",
      "it says \"no screens found\" and then drops me to a console. ", "thanks, that did it :) ",
      "you need the restricted modules for that card, see the wiki page; "};
  std::string text;
  for (std::size_t i = number; text.size() < bytes; ++i) text += kSentences[i % kSentences.size()];
  text.resize(bytes);
  return text;
}

}  // namespace

std::vector<Said> chat(std::size_t count) {
  std::vector<Said> said;
  for (const harness::TraceEvent& event :
       must(harness::read_trace(kScenarios + "traces/ubuntu-irc-2006-06-01.csv"))) {
    if (said.size() == count) break;
    if (event.kind != harness::TraceEventKind::say || event.time_ms < kFromMs) continue;
    const std::size_t number = said.size();
    said.push_back(
        {fmt::format("u{}", event.speaker), words(event.bytes, number), fmt::to_string(number)});
  }
  return said;
}

std::string chat_batch(std::size_t messages) {
  std::string json = "[";
  wire::Seq seq = 0;
  for (const Said& said : chat(messages)) {
    if (++seq > 1) json += ',';
    wire::append_message(json, {seq, said.from, said.text, said.id, kAt});
  }
  return json + "]";
}

clients::RequestHeaders browser_headers() {
  return must(clients::read_request_headers(kScenarios + "headers/browser.txt", 100))
      .for_server(kHost, false);
}

std::string browser_poll() {
  return clients::get_request({kHost, browser_headers().fetch},
                              clients::poll_target("room-1", "k3f9.17"));
}

std::string poll_answer(const std::string& batch) {
  return fmt::format(
      "HTTP/1.1 200 OK\r\nDate: Mon, 24 Nov 2025 16:00:00 GMT\r\n"
      "Content-Type: application/json\r\nCache-Control: no-store\r\nRoom-Epoch: k3f9\r\n"
      "Content-Length: {}\r\n\r\n{}",
      batch.size(), batch);
}

}  // namespace pushbench::bench
