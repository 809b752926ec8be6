#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/histogram.h"
#include "harness/result.h"
#include "harness/schedule.h"
#include "net/clock.h"
#include "wire/message.h"

namespace pushbench::harness {

/// Checks every delivery to every user against the schedule, and keeps the times.
class Recorder {
 public:
  explicit Recorder(const Schedule& schedule);

  /// The draft of a say: its id is the say's number, its text a filler of the scheduled length.
  wire::Draft draft(std::size_t say);

  void begin(net::Time start) { start_ = start; }  // due times count from here
  void on_published(std::size_t say, net::Time now);
  void on_delivered(std::size_t user, const wire::Message& message, net::Time now);
  void on_gap(std::size_t user, const wire::Gap& gap);

  bool complete() const { return messages_.delivered == messages_.expected; }
  std::uint64_t delivered() const { return messages_.delivered; }
  const Histogram& latency() const { return latency_; }
  net::Time due(std::size_t say) const { return start_ + schedule_.says[say].due; }

  /// Closes the account: what is not delivered by now is lost.
  void fill(Repetition& repetition);

 private:
  /// One user's account.
  struct User {
    wire::Seq last_seq = 0;
    std::uint64_t delivered = 0;  // different messages
    std::uint64_t missed = 0;     // that gap notices own up to
  };

  std::string_view text_of(std::size_t say) const;

  const Schedule& schedule_;
  net::Time start_{};
  Messages messages_;
  Histogram latency_;
  Histogram lateness_;
  Directions payload_;
  std::string filler_;
  std::string id_;                        // of the draft at hand
  std::string from_;                      // of the draft at hand
  std::vector<std::vector<bool>> seen_;   // a user each: which says it has
  std::vector<std::uint64_t> published_;  // a room each
  std::vector<User> users_;
};

}  // namespace pushbench::harness
