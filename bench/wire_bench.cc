// Bytes to meaning and back. Every input is a chat's: the trace's sizes, a browser's headers.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "bench/inputs.h"
#include "wire/event_stream.h"
#include "wire/http.h"
#include "wire/message.h"
#include "wire/utf8.h"
#include "wire/websocket.h"

namespace pushbench::bench {
namespace {

using wire::Opcode;
using wire::WebSocketDecoder;

void set_bytes(benchmark::State& state, std::size_t each) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(each));
}

void set_items(benchmark::State& state, std::size_t each) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(each));
}

// ---- Masking, and what bounds it

/// What the machine can do: to be compared with the mask of the same size.
void copy(benchmark::State& state) {
  const std::string from(static_cast<std::size_t>(state.range(0)), 'x');
  std::string to(from.size(), ' ');
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), from.size());
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  set_bytes(state, from.size());
}

void mask(benchmark::State& state) {
  std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    wire::apply_mask(payload, kMask, 0);
    benchmark::DoNotOptimize(payload.data());
    benchmark::ClobberMemory();
  }
  set_bytes(state, payload.size());
}

BENCHMARK(copy)->Name("wire/memcpy")->RangeMultiplier(16)->Range(16, 1 << 20);
BENCHMARK(mask)->Name("wire/mask")->RangeMultiplier(16)->Range(16, 1 << 20);

// ---- Frames

class CountingFrames final : public wire::FrameSink {
 public:
  std::size_t bytes = 0;
  void on_message(Opcode, std::string_view payload) override { bytes += payload.size(); }
  void on_ping(std::string_view) override {}
  void on_pong(std::string_view) override {}
  void on_close(wire::CloseCode, std::string_view) override {}
};

/// What one read of a socket may bring: 32 drafts, each masked as a client must.
void masked_frames_in(benchmark::State& state) {
  std::string frames;
  for (const Said& said : chat(32)) {
    frames += wire::encode_frame(Opcode::text, wire::encode_draft(said.draft()), kMask);
  }
  std::string read = frames;
  WebSocketDecoder decoder(WebSocketDecoder::Role::server, {});
  CountingFrames sink;
  for (auto _ : state) {
    std::copy(frames.begin(), frames.end(), read.begin());  // they are unmasked in place
    if (decoder.feed(read, sink)) state.SkipWithError("a frame is not taken");
    benchmark::DoNotOptimize(sink.bytes);
  }
  set_items(state, 32);
  set_bytes(state, frames.size());
}

/// What a client reads: batches of one message each, 32 in one read.
void frames_in(benchmark::State& state) {
  std::string frames;
  for (int i = 0; i < 32; ++i) frames += wire::encode_frame(Opcode::text, chat_batch(1), {});
  WebSocketDecoder decoder(WebSocketDecoder::Role::client, {});
  CountingFrames sink;
  for (auto _ : state) {
    if (decoder.feed(frames, sink)) state.SkipWithError("a frame is not taken");
    benchmark::DoNotOptimize(sink.bytes);
  }
  set_items(state, 32);
  set_bytes(state, frames.size());
}

/// A server's frame: its header alone, since the payload is shared.
void frame_header_out(benchmark::State& state) {
  std::array<char, wire::kMaxFrameHeader> header{};
  std::uint64_t length = 100;
  for (auto _ : state) {
    benchmark::DoNotOptimize(length);
    const std::size_t size =
        wire::encode_frame_header({.opcode = Opcode::text, .length = length}, header);
    benchmark::DoNotOptimize(size);
    benchmark::DoNotOptimize(header);
  }
  set_items(state, 1);
}

/// A client's frame, whole and masked.
void masked_frame_out(benchmark::State& state) {
  const std::string json = wire::encode_draft(chat(1).front().draft());
  for (auto _ : state) benchmark::DoNotOptimize(wire::encode_frame(Opcode::text, json, kMask));
  set_items(state, 1);
  set_bytes(state, json.size());
}

BENCHMARK(masked_frames_in)->Name("wire/masked_frames_in");
BENCHMARK(frames_in)->Name("wire/frames_in");
BENCHMARK(frame_header_out)->Name("wire/frame_header_out");
BENCHMARK(masked_frame_out)->Name("wire/masked_frame_out");

// ---- HTTP and event streams

/// Reads the same message again and again, in pieces of so many bytes.
void read_http(benchmark::State& state, wire::HttpParser::Kind kind, std::string_view message,
               std::size_t piece) {
  wire::HttpParser parser(kind, {});
  for (auto _ : state) {
    bool complete = false;
    for (std::size_t at = 0; at < message.size(); at += piece) {
      const auto fed = parser.feed(message.substr(at, piece));
      complete = fed && fed->complete;
    }
    if (!complete) state.SkipWithError("a message is not taken");
    parser.next();
  }
  set_items(state, 1);
  set_bytes(state, message.size());
}

void request_in(benchmark::State& state) {
  const std::string request = browser_poll();
  read_http(state, wire::HttpParser::Kind::requests, request, request.size());
}

void request_in_pieces(benchmark::State& state) {
  read_http(state, wire::HttpParser::Kind::requests, browser_poll(), 100);
}

void answer_in(benchmark::State& state) {
  const std::string answer = poll_answer(chat_batch(1));
  read_http(state, wire::HttpParser::Kind::responses, answer, answer.size());
}

class CountingEvents final : public wire::EventSink {
 public:
  std::size_t bytes = 0;
  void on_event(std::string_view, std::string_view data, std::string_view) override {
    bytes += data.size();
  }
  void on_retry(std::uint64_t) override {}
};

void events_in(benchmark::State& state) {
  std::string stream;
  for (int i = 0; i < 32; ++i) {
    stream.append(wire::event_start("k3f9.17")).append(chat_batch(1)).append(wire::kEventEnd);
  }
  wire::EventStreamParser parser(64 * 1024);
  CountingEvents sink;
  for (auto _ : state) {
    if (!parser.feed(stream, sink)) state.SkipWithError("an event is not taken");
    benchmark::DoNotOptimize(sink.bytes);
  }
  set_items(state, 32);
  set_bytes(state, stream.size());
}

BENCHMARK(request_in)->Name("wire/request_in");
BENCHMARK(request_in_pieces)->Name("wire/request_in_pieces");
BENCHMARK(answer_in)->Name("wire/answer_in");
BENCHMARK(events_in)->Name("wire/events_in");

// ---- Messages

void draft_in(benchmark::State& state) {
  std::vector<std::string> drafts;
  std::size_t bytes = 0;
  for (const Said& said : chat(64)) {
    drafts.push_back(wire::encode_draft(said.draft()));
    bytes += drafts.back().size();
  }
  wire::DraftReader reader({});
  for (auto _ : state) {
    for (const std::string& json : drafts) {
      const auto draft = reader.read(json);
      if (!draft) state.SkipWithError("a draft is not taken");
      benchmark::DoNotOptimize(draft->text.data());
    }
  }
  set_items(state, drafts.size());
  set_bytes(state, bytes);
}

class CountingMessages final : public wire::BatchSink {
 public:
  std::size_t bytes = 0;
  void on_message(const wire::Message& message) override { bytes += message.text.size(); }
  void on_gap(const wire::Gap&) override {}
  void on_problem(std::string_view) override {}
};

void batch_in(benchmark::State& state) {
  const auto messages = static_cast<std::size_t>(state.range(0));
  const std::string json = chat_batch(messages);
  wire::BatchReader reader;
  CountingMessages sink;
  for (auto _ : state) {
    if (!reader.read(json, sink)) state.SkipWithError("a batch is not taken");
    benchmark::DoNotOptimize(sink.bytes);
  }
  set_items(state, messages);
  set_bytes(state, json.size());
}

/// A message to the JSON that all its subscribers share.
void message_out(benchmark::State& state) {
  const std::vector<Said> said = chat(64);
  std::string json;
  std::size_t bytes = 0;
  for (auto _ : state) {
    json.clear();
    wire::Seq seq = 0;
    for (const auto& [from, text, id] : said) {
      wire::append_message(json, {++seq, from, text, id, 1'764'000'000'000});
    }
    bytes = json.size();
    benchmark::DoNotOptimize(json.data());
    benchmark::ClobberMemory();
  }
  set_items(state, said.size());
  set_bytes(state, bytes);
}

void draft_out(benchmark::State& state) {
  const Said said = chat(1).front();
  for (auto _ : state) benchmark::DoNotOptimize(wire::encode_draft(said.draft()));
  set_items(state, 1);
}

void utf8(benchmark::State& state) {
  std::string text;
  while (text.size() < static_cast<std::size_t>(state.range(0))) text += "где взять драйвер? ";
  for (auto _ : state) {
    wire::Utf8Checker checker;
    benchmark::DoNotOptimize(checker.feed(text));
  }
  set_bytes(state, text.size());
}

BENCHMARK(draft_in)->Name("wire/draft_in");
BENCHMARK(batch_in)->Name("wire/batch_in")->Arg(1)->Arg(20)->Arg(1000);
BENCHMARK(message_out)->Name("wire/message_out");
BENCHMARK(draft_out)->Name("wire/draft_out");
BENCHMARK(utf8)->Name("wire/utf8")->Arg(64)->Arg(4096);

}  // namespace
}  // namespace pushbench::bench
