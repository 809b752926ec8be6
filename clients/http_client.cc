#include "clients/http_client.h"

namespace pushbench::clients {

bool HttpClient::take_answer(const wire::HttpMessage& answer) {
  const bool delivered = answer.status() == 200;
  if (!delivered && answer.status() != 204) {
    refused(answer);
    return false;
  }
  succeeded();
  learn_epoch(answer);
  if (delivered && !take_batch(answer.body())) return false;
  shared_.listener.on_exchange(*this, delivered ? Ended::delivered : Ended::empty);
  return !has_left();
}

}  // namespace pushbench::clients
