#include "harness/lab_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/lab_tokens.h"
#include "harness/scenario.h"

namespace pushbench::harness {

namespace {

using Step = LabExpression::Step;
using Sense = LabCondition::Sense;
using TokenKind = LabToken::Kind;

constexpr int kDeepest = 32;      // brackets within brackets
constexpr int kHighestPower = 8;  // of a unit
constexpr std::string_view kPrediction = "prediction";

/// Reads by recursive descent, a function a level: sums of products of values.
class Parser {
 public:
  Parser(std::string_view text, const LabNames& names, std::vector<LabToken> tokens)
      : text_(text), names_(names), tokens_(std::move(tokens)) {}

  Result<LabExpression> expression();
  Result<LabCondition> condition();
  Result<void> expect_end();

 private:
  const LabToken& next() const { return tokens_[place_]; }
  LabToken take() {
    const LabToken token = next();
    if (token.kind != TokenKind::end) ++place_;
    return token;
  }
  tl::unexpected<Error> wrong(const LabToken& token, const std::string& what) const {
    return lab_failure(text_, token.at, what);
  }
  std::string shown(const LabToken& token) const {
    return token.kind == TokenKind::end ? "it ends here" : fmt::format("\"{}\"", token.text);
  }

  Result<Dimension> sum(LabExpression& out);
  Result<Dimension> product(LabExpression& out);
  Result<Dimension> value(LabExpression& out);
  Result<Dimension> bracket(LabExpression& out);
  Result<Dimension> name(LabExpression& out);
  Result<Dimension> prediction(const LabToken& token, LabExpression& out);
  Result<LabOperand> figure(const LabToken& token) const;
  Result<Sense> sense(LabCondition& condition);
  Result<double> tolerance();

  std::string_view text_;
  const LabNames& names_;
  const std::vector<LabToken> tokens_;
  std::size_t place_ = 0;
  int depth_ = 0;
};

Result<LabExpression> Parser::expression() {
  LabExpression out;
  const auto dimension = sum(out);
  if (!dimension) return tl::unexpected(dimension.error());
  out.dimension = *dimension;
  return out;
}

Result<Dimension> Parser::sum(LabExpression& out) {
  auto left = product(out);
  while (left && (next().is("+") || next().is("-"))) {
    const LabToken sign = take();
    auto right = product(out);
    if (!right) return right;
    if (!left->fits(*right)) {
      return wrong(sign, fmt::format("\"{}\" takes two of a kind; here are {} and {}", sign.text,
                                     name_of(*left), name_of(*right)));
    }
    left->share = left->share || right->share;
    out.steps.push_back({sign.is("+") ? Step::Kind::add : Step::Kind::subtract, 0, 0});
  }
  return left;
}

Result<Dimension> Parser::product(LabExpression& out) {
  auto left = value(out);
  while (left && (next().is("*") || next().is("/"))) {
    const LabToken sign = take();
    auto right = value(out);
    if (!right) return right;
    const bool times = sign.is("*");
    const int direction = times ? 1 : -1;
    left->time += direction * right->time;
    left->bytes += direction * right->bytes;
    // Half of a share is a share; a share of a share or of a time is none.
    const bool share = times ? left->share != right->share : left->share && !right->share;
    left->share = share && left->fits({});
    if (std::abs(left->time) > kHighestPower || std::abs(left->bytes) > kHighestPower) {
      return wrong(sign, "that many units multiplied mean nothing");
    }
    out.steps.push_back({times ? Step::Kind::multiply : Step::Kind::divide, 0, 0});
  }
  return left;
}

Result<Dimension> Parser::value(LabExpression& out) {
  if (next().is("(")) return bracket(out);
  if (next().kind == TokenKind::name) return name(out);
  const LabToken token = take();
  if (token.kind != TokenKind::number) {
    return wrong(token, fmt::format("{}; write a figure, as in RUN.TRANSPORT.METRIC, or a number",
                                    shown(token)));
  }
  out.steps.push_back({Step::Kind::number, token.number, 0});
  return token.dimension;
}

Result<Dimension> Parser::bracket(LabExpression& out) {
  const LabToken open = take();
  if (++depth_ > kDeepest) return wrong(open, "there are too many brackets within brackets");
  auto inner = sum(out);
  if (!inner) return inner;
  --depth_;
  if (!next().is(")")) {
    return wrong(next(), fmt::format("{}; the bracket of character {} is not closed: write \")\"",
                                     shown(next()), open.at + 1));
  }
  take();
  return inner;
}

Result<Dimension> Parser::name(LabExpression& out) {
  const LabToken token = take();
  const std::size_t dot = token.text.find('.');
  if (token.text.substr(0, dot) == kPrediction) return prediction(token, out);
  auto operand = figure(token);
  if (!operand) return tl::unexpected(operand.error());
  out.steps.push_back({Step::Kind::operand, 0, out.operands.size()});
  const Dimension dimension = dimension_of(operand->metric->unit);
  out.operands.push_back(std::move(*operand));
  return dimension;
}

Result<Dimension> Parser::prediction(const LabToken& token, LabExpression& out) {
  if (names_.predictions.empty()) {
    return wrong(token, "a prediction stands in a check only");
  }
  const std::string_view id =
      token.text.substr(std::min(kPrediction.size() + 1, token.text.size()));
  std::vector<std::string_view> known;
  for (const LabNames::Prediction& prediction : names_.predictions) {
    known.push_back(prediction.id);
    if (prediction.id != id) continue;
    out.steps.push_back({Step::Kind::operand, 0, out.operands.size()});
    out.operands.push_back({"", "", nullptr, prediction.id});
    return prediction.dimension;
  }
  return wrong(token, fmt::format("\"{}\": there is no such question{} There are: {}", token.text,
                                  suggestion(id, known), fmt::join(known, ", ")));
}

/// RUN.TRANSPORT.METRIC, each with the nearest right word where it is none.
Result<LabOperand> Parser::figure(const LabToken& token) const {
  const std::size_t first = std::min(token.text.find('.'), token.text.size());
  const std::size_t second = std::min(token.text.find('.', first + 1), token.text.size());
  const std::string_view run = token.text.substr(0, first);
  std::vector<std::string_view> runs;
  for (const LabNames::Run& known : names_.runs) runs.push_back(known.name);
  const auto found = std::find_if(names_.runs.begin(), names_.runs.end(),
                                  [run](const LabNames::Run& known) { return known.name == run; });
  if (found == names_.runs.end()) {
    return wrong(token, fmt::format("\"{}\": there is no such run{} There are: {}", run,
                                    suggestion(run, runs), fmt::join(runs, ", ")));
  }
  if (first == token.text.size() || second == token.text.size()) {
    return wrong(token, fmt::format("\"{}\" is no whole figure; write RUN.TRANSPORT.METRIC, as in "
                                    "{}.{}.delivery_latency.mean",
                                    token.text, run, found->transports.front()));
  }
  const std::string_view transport = token.text.substr(first + 1, second - first - 1);
  const auto& known = found->transports;
  if (std::find(known.begin(), known.end(), transport) == known.end()) {
    return lab_failure(
        text_, token.at + first + 1,
        fmt::format("\"{}\": is no transport of {}{} There are: {}", transport, run,
                    suggestion(transport, {known.begin(), known.end()}), fmt::join(known, ", ")));
  }
  const auto metric = parse_metric(token.text.substr(second + 1));
  if (!metric) return lab_failure(text_, token.at + second + 1, metric.error().line());
  return LabOperand{std::string(run), std::string(transport), *metric, ""};
}

Result<LabCondition> Parser::condition() {
  LabCondition condition;
  condition.text = std::string(text_);
  auto left = expression();
  if (!left) return tl::unexpected(left.error());
  const LabToken sign = next();
  const auto sense = this->sense(condition);
  if (!sense) return tl::unexpected(sense.error());
  auto right = expression();
  if (!right) return tl::unexpected(right.error());
  if (!left->dimension.fits(right->dimension)) {
    return wrong(sign, fmt::format("\"{}\" compares {} with {}; both sides must be of a kind",
                                   sign.text, name_of(left->dimension), name_of(right->dimension)));
  }
  if (auto end = expect_end(); !end) return tl::unexpected(end.error());
  condition.left = std::move(*left);
  condition.sense = *sense;
  condition.right = std::move(*right);
  return condition;
}

Result<Sense> Parser::sense(LabCondition& condition) {
  const LabToken sign = take();
  if (sign.is("<")) return Sense::below;
  if (sign.is("<=")) return Sense::at_most;
  if (sign.is(">")) return Sense::above;
  if (sign.is(">=")) return Sense::at_least;
  if (!sign.is("within")) {
    return wrong(sign, fmt::format("{}; write one of < <= > >=, or within 10% of", shown(sign)));
  }
  const auto share = tolerance();
  if (!share) return tl::unexpected(share.error());
  condition.share = *share;
  return Sense::within;
}

/// "10% of", behind "within".
Result<double> Parser::tolerance() {
  const LabToken share = take();
  if (share.kind != TokenKind::number || !share.dimension.share || share.number <= 0) {
    return wrong(share, fmt::format("{}; write a share above 0 with its %, as in within 10% of",
                                    shown(share)));
  }
  const LabToken of = take();
  if (!of.is("of"))
    return wrong(of, fmt::format("{}; write \"of\", as in within 10% of", shown(of)));
  return share.number;
}

Result<void> Parser::expect_end() {
  if (next().kind == TokenKind::end) return {};
  if (next().is(")")) return wrong(next(), "this bracket was not opened");
  const bool compares = next().is("<") || next().is("<=") || next().is(">") || next().is(">=");
  if (compares) return wrong(next(), "there can be one comparison only, and none in a figure");
  return wrong(next(), fmt::format("{}; write + - * / before it", shown(next())));
}

}  // namespace

std::string LabOperand::text() const {
  if (run.empty()) return fmt::format("{}.{}", kPrediction, prediction);
  return fmt::format("{}.{}.{}", run, transport, metric->name);
}

tl::expected<double, LabLack> LabExpression::value(const LabFigures& figures) const {
  std::vector<double> stack;
  for (const Step& step : steps) {
    if (step.kind == Step::Kind::number) {
      stack.push_back(step.number);
      continue;
    }
    if (step.kind == Step::Kind::operand) {
      const LabOperand& operand = operands[step.operand];
      const auto figure = figures.figure(operand);
      if (!figure) return tl::unexpected(LabLack{operand.text(), operand.run.empty()});
      stack.push_back(*figure);
      continue;
    }
    const double right = stack.back();
    stack.pop_back();
    double& left = stack.back();
    if (step.kind == Step::Kind::add) left += right;
    if (step.kind == Step::Kind::subtract) left -= right;
    if (step.kind == Step::Kind::multiply) left *= right;
    if (step.kind != Step::Kind::divide) continue;
    if (right == 0) return tl::unexpected(LabLack{});
    left /= right;
  }
  return stack.back();
}

bool LabCondition::holds(double left_value, double right_value) const {
  switch (sense) {
    case Sense::below:
      return left_value < right_value;
    case Sense::at_most:
      return left_value <= right_value;
    case Sense::above:
      return left_value > right_value;
    case Sense::at_least:
      return left_value >= right_value;
    case Sense::within:
      return std::abs(left_value - right_value) <= share * std::abs(right_value);
  }
  return false;
}

Result<LabExpression> parse_lab_expression(std::string_view text, const LabNames& names) {
  auto tokens = lab_tokens(text);
  if (!tokens) return tl::unexpected(tokens.error());
  Parser parser(text, names, std::move(*tokens));
  auto expression = parser.expression();
  if (!expression) return expression;
  if (auto end = parser.expect_end(); !end) return tl::unexpected(end.error());
  return expression;
}

Result<LabCondition> parse_lab_condition(std::string_view text, const LabNames& names) {
  auto tokens = lab_tokens(text);
  if (!tokens) return tl::unexpected(tokens.error());
  return Parser(text, names, std::move(*tokens)).condition();
}

}  // namespace pushbench::harness
