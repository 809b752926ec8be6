#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/callback.h"
#include "servers/access.h"
#include "servers/exchange.h"
#include "servers/link_setting.h"
#include "servers/metrics.h"
#include "servers/pages.h"
#include "servers/transport.h"

namespace pushbench::servers {

struct ApiOptions {
  bool echo = false;                      // serve /echo
  bool secure = false;                    // the listener speaks TLS
  std::size_t max_subscribers = 100'000;  // that wait in one room
  AccessOptions access;
  const std::vector<Page>& pages;
  LinkSetting* link;             // null: no connection has one
  net::Callback on_link_change;  // before the change is answered
};

/// Which request does what: the paths, their methods, and who may use them.
class Api {
 public:
  /// All outlive the Api.
  Api(const Shared& shared, const ApiOptions& options, const Transports& transports,
      Counters& counters)
      : shared_(shared),
        options_(options),
        access_(options.access),
        transports_(transports),
        counters_(counters),
        drafts_(shared.options.draft),
        epoch_line_(net::make_bytes(epoch_line(shared.store.epoch()))) {}

  void serve(Exchange& exchange);

  /// A head has come whose sender waits with the body: whether it may send it. If not, the exchange
  /// is answered.
  bool admit(Exchange& exchange);

 private:
  enum class Action { publish, subscribe, describe, echo, healthz, metrics, link, page, index };
  struct Route {
    Action action;
    std::string_view methods;  // "GET, HEAD"
    std::string_view room = {};
    Transport* transport = nullptr;
    const Page* page = nullptr;
    std::string_view query = {};
  };
  struct Refusal {
    int status;
    std::string what;
    std::string headers = {};  // lines, each with its CRLF
  };
  using Routed = tl::expected<Route, Refusal>;

  Routed find(std::string_view path) const;
  Routed find_in_room(std::string_view rest) const;
  Routed find_page(std::string_view path) const;
  Routed route(Exchange& exchange);
  bool may(const Route& route, const Exchange& exchange) const;
  Counts* counts_of(const Route& route);
  void answer_options(Exchange& exchange, std::string_view methods);
  void subscribe(Exchange& exchange, const Route& route);
  Result<Cursor> cursor_of(const Exchange& exchange, std::string_view query) const;
  std::size_t waiting_in(const Room& room) const;
  void publish(Exchange& exchange, std::string_view room);
  void describe(Exchange& exchange, std::string_view room);
  void show_page(Exchange& exchange, const Page& page);
  void show_index(Exchange& exchange);
  void show_or_change_link(Exchange& exchange);
  void refuse(Exchange& exchange, const Refusal& refusal);
  void refuse_full(Exchange& exchange, Limit limit, std::string what);
  std::string index() const;

  const Shared shared_;
  const ApiOptions options_;
  const Access access_;
  const Transports& transports_;
  Counters& counters_;
  wire::DraftReader drafts_;
  const net::Bytes epoch_line_;
};

}  // namespace pushbench::servers
