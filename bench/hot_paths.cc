#include "bench/hot_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "bench/fake_room.h"
#include "bench/inputs.h"
#include "harness/board.h"
#include "harness/recorder.h"
#include "harness/schedule.h"
#include "wire/http.h"
#include "wire/message.h"
#include "wire/websocket.h"

namespace pushbench::bench {

namespace {

using wire::Opcode;
using wire::WebSocketDecoder;

/// A benchmark whose work failed would measure something else.
void ensure(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "bench: %s\n", what);
  std::exit(1);
}

class Frames : public wire::FrameSink {
  void on_ping(std::string_view) override {}
  void on_pong(std::string_view) override {}
  void on_close(wire::CloseCode, std::string_view) override {}
};

/// The server reads a frame with a draft, which its client has masked. The copy that is unmasked in
/// place is a part of it.
class FrameIn final : public HotPath, private Frames {
 public:
  void once() override {
    std::copy(frame_.begin(), frame_.end(), read_.begin());
    ensure(!decoder_.feed(read_, *this), "a frame is not taken");
  }

 private:
  void on_message(Opcode, std::string_view payload) override { bytes_ += payload.size(); }

  const std::string frame_ =
      wire::encode_frame(Opcode::text, wire::encode_draft(chat(1).front().draft()), kMask);
  std::string read_ = frame_;
  std::size_t bytes_ = 0;
  WebSocketDecoder decoder_{WebSocketDecoder::Role::server, {}};
};

/// The server reads a browser's poll.
class RequestIn final : public HotPath {
 public:
  void once() override {
    const auto fed = parser_.feed(request_);
    ensure(fed && fed->complete, "a request is not taken");
    parser_.next();
  }

 private:
  const std::string request_ = browser_poll();
  wire::HttpParser parser_{wire::HttpParser::Kind::requests, {}};
};

/// The server reads a draft, by POST or in a frame.
class DraftIn final : public HotPath {
 public:
  void once() override {
    const auto draft = reader_.read(json_);
    ensure(draft.has_value(), "a draft is not taken");
    bytes_ += draft->text.size();
  }

 private:
  const std::string json_ = wire::encode_draft(chat(1).front().draft());
  std::size_t bytes_ = 0;
  wire::DraftReader reader_{{}};
};

/// The server publishes a message to a room of WebSockets.
class FanOut final : public HotPath {
 public:
  static constexpr std::size_t kSubscribers = 1000;
  void once() override { room_.publish(); }

 private:
  FakeRoom room_{"websocket", kSubscribers};
};

/// The harness reads a frame with a batch, checks its message and keeps the time. When all users
/// have all messages it begins anew, once in 100,000 deliveries.
class Delivery final : public HotPath, private Frames, private wire::BatchSink {
 public:
  Delivery() {
    begin();
    for (std::size_t say = 0; say < schedule_.says.size(); ++say) {
      std::string json = "[";
      const wire::Draft draft = recorder_->draft(say);
      wire::append_message(json, {say + 1, draft.from, draft.text, draft.id, 1'764'000'000'000});
      frames_.push_back(wire::encode_frame(Opcode::text, json + "]", {}));
    }
  }

  void once() override {
    ensure(!decoder_.feed(frames_[say_], *this), "a frame is not taken");
    if (++user_ < schedule_.users()) return;
    user_ = 0;
    if (++say_ < frames_.size()) return;
    ensure(recorder_->complete(), "a delivery was not counted");
    begin();
  }

 private:
  static harness::Schedule small() {
    harness::Scenario scenario;
    scenario.users = 100;
    scenario.rate = 100;
    scenario.duration = std::chrono::seconds(10);
    return must(harness::unroll(scenario, {}, 1));
  }

  void begin() {
    recorder_.emplace(schedule_, rooms_, board_);
    say_ = 0;
  }

  void on_message(Opcode, std::string_view payload) override {
    ensure(batches_.read(payload, *this).has_value(), "a batch is not taken");
  }
  void on_message(const wire::Message& message) override {
    recorder_->on_delivered(user_, message, recorder_->due(say_) + std::chrono::microseconds(300));
  }
  void on_gap(const wire::Gap&) override { ensure(false, "there is no gap"); }
  void on_problem(std::string_view) override { ensure(false, "there is no problem"); }

  const harness::Schedule schedule_ = small();
  const harness::RoomSays rooms_{schedule_};
  harness::Board board_{schedule_};
  std::optional<harness::Recorder> recorder_;
  std::vector<std::string> frames_;  // a say each
  WebSocketDecoder decoder_{WebSocketDecoder::Role::client, {}};
  wire::BatchReader batches_;
  std::size_t say_ = 0;
  std::size_t user_ = 0;
};

template <class Path>
std::unique_ptr<HotPath> make() {
  return std::make_unique<Path>();
}

}  // namespace

const std::vector<HotPathKind>& hot_paths() {
  static const std::vector<HotPathKind> all{{"frame-in", 1, make<FrameIn>},
                                            {"request-in", 1, make<RequestIn>},
                                            {"draft-in", 1, make<DraftIn>},
                                            {"fan-out", FanOut::kSubscribers, make<FanOut>},
                                            {"delivery", 1, make<Delivery>}};
  return all;
}

}  // namespace pushbench::bench
