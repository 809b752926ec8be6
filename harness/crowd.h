#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clients/client.h"
#include "clients/null.h"
#include "harness/events.h"
#include "harness/load_plan.h"
#include "harness/notice.h"
#include "harness/recorder.h"
#include "harness/result.h"
#include "harness/schedule.h"
#include "harness/wire_tap.h"
#include "net/link.h"
#include "net/loop.h"
#include "net/mailbox.h"
#include "net/random.h"
#include "net/timer.h"

namespace pushbench::harness {

/// What a load has its crowds do, all at the same time …
struct Order {
  enum class Kind { measure, finish, leave };
  Kind kind;
  net::Time start{};  // measure: the measured time begins then
};

/// … and what each of them says once: those that were there from the start have joined; the
/// measured time is over and all is delivered, or will not be; figures are taken; users have left.
/// Or, before the measured time, what went wrong.
struct Report {
  enum class Kind { joined, settled, measured, left, failed };
  Kind kind;
  std::string what;
};

/// What a crowd needs of its load; all of it outlives the crowd.
struct CrowdSetup {
  const net::Address& server;
  const Schedule& schedule;
  const LoadPlan& plan;
  const clients::RequestHeaders& headers;  // made for the server
  const RoomSays& rooms;
  Board& board;
  net::TlsContext* tls;
  net::Mailbox<Report>& reports;
};

/// The users of one shard, on a loop of their own: has each join, publish, be cut and leave when it
/// is due, whether or not anything before it is done.
///
/// While its thread is in run(), the crowd is that thread's alone, but for obey(), joined(),
/// delivered() and p99_us(). Before and afterwards it is its load's.
class Crowd final : private clients::ClientListener, private net::TurnHook {
 public:
  Crowd(const CrowdSetup& setup, Shard shard);
  ~Crowd() override;

  void run(net::Time origin);  // a thread's life; it ends once the users have left
  void obey(Order order) { orders_.post(order); }

  std::uint64_t joined() const { return joined_; }        // users
  std::uint64_t delivered() const { return delivered_; }  // lags by a fraction of a second
  std::int64_t p99_us() const { return p99_us_; }         // likewise; 0: nothing delivered yet

  Recorder& recorder() { return recorder_; }
  const std::optional<WireTap>& tap() const { return tap_; }  // on the plan's watched user
  const std::optional<std::string>& problem() const { return problem_; }
  net::Time end() const { return end_; }  // of the measured time
  /// Adds to a repetition all but what recorders keep.
  void add_to(Repetition& repetition) const;

 private:
  enum class Phase { joining, warming, measuring, settled, done };
  /// One user, as far as it is there.
  struct Seat {
    std::unique_ptr<net::Link> link;   // none: the machine's own network
    std::optional<net::Address> from;  // none: the kernel chooses
    std::unique_ptr<clients::Client> client;
    net::Time since{};       // it has connected, or waits to
    bool asked = false;      // it has had time to join …
    bool joined = false;     // … and has, at least once
    bool joining = false;    // now
    bool published = false;  // at least once
  };

  void on_joined(clients::Client& client) override;
  void on_message(clients::Client& client, const wire::Message& message) override;
  void on_gap(clients::Client& client, const wire::Gap& gap) override;
  void on_exchange(clients::Client& client, clients::Ended how) override;
  void on_beat(clients::Client& client, net::Duration late) override;
  void on_connection(clients::Client& client) override;
  void on_disconnected(clients::Client& client, const std::string& reason) override;
  void on_rejoined(clients::Client& client) override;
  void on_failure(clients::Client& client, const Error& error) override;
  void before_flush() override {}
  void after_flush() override;

  void on_orders();
  void join_next();
  std::size_t first_user(std::size_t number) const;
  void join(std::size_t user, wire::Seq after);
  const std::string& transport_of(std::size_t user) const {
    return plan_.transports[user % plan_.transports.size()];
  }
  std::uint64_t connections_to_join(std::size_t user) const;
  std::unique_ptr<net::Link> link_of(std::size_t user) const;
  net::Tap* tap_on(std::size_t user) {
    return tap_ && tap_->stretch().user == user ? &*tap_ : nullptr;
  }
  void begin_measuring();
  void on_events_due();
  void carry_out(const Event& event);
  void publish(std::size_t say);
  void publish_next(std::size_t user);
  void leave(std::size_t stay);
  bool nothing_under_way() const { return joining_ == 0 && recorder_.complete(); }
  void end_when_all_is_done();
  void on_deadline();
  void settle();
  void finish();
  void leave_all();
  void on_tick();
  Bytes bytes_of_users();
  Seat& seat_of(std::size_t user) { return seats_[user / shard_.of]; }

  const CrowdSetup setup_;
  const Shard shard_;
  const Schedule& schedule_;
  const LoadPlan& plan_;
  const std::vector<Event> events_;
  const std::vector<std::uint32_t> first_;  // stays
  const std::size_t first_count_;           // users that are there from the start
  net::Loop loop_;
  net::Mailbox<Order> orders_;
  Recorder recorder_;
  wire::BatchReader batches_;
  net::Random random_;
  clients::NullRooms null_rooms_;
  clients::Shared shared_;
  std::optional<WireTap> tap_;
  std::vector<Seat> seats_;
  std::vector<std::unique_ptr<clients::Client>> leaving_;  // until the turn ends
  std::vector<std::deque<std::size_t>> waiting_;  // closed loop: a user each, the says it has yet
                                                  // to have back; the first is under way
  net::Timer join_timer_;
  net::Timer event_timer_;
  net::Timer deadline_;
  net::Timer tick_;

  Phase phase_ = Phase::joining;
  net::Time origin_{};  // of joins and polling phases
  net::Time start_{};   // of what is measured
  net::Time end_{};
  std::size_t next_first_ = 0;
  std::size_t next_event_ = 0;
  std::size_t joining_ = 0;  // users, now
  std::atomic<std::uint64_t> joined_ = 0;
  std::atomic<std::uint64_t> delivered_ = 0;
  std::atomic<std::int64_t> p99_us_ = 0;
  Histogram join_time_;
  Histogram rejoin_time_;
  Exchanges exchanges_;
  Bytes gone_;      // of users that have left
  Bytes set_up_;    // what opened the connections, before each user had joined
  Bytes before_;    // of all users when measuring began
  Bytes measured_;  // what counts: the set-up, and what came after that moment
  Bytes whole_;
  std::uint64_t cpu_before_ = 0;
  ThreadUse use_;
  std::string first_loss_;  // of a connection that was not cut
  std::optional<std::string> problem_;
};

}  // namespace pushbench::harness
