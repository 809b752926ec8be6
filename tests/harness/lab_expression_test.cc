#include "harness/lab_expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace pushbench::harness {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using Sense = LabCondition::Sense;

/// Two runs, the second over WebSocket too, and two questions.
LabNames names() {
  return {{{"slow", {"polling"}}, {"fast-2", {"polling", "long-polling", "websocket"}}},
          {{"empty", {0, 0, true}}, {"wait", {1, 0, false}}}};
}

/// Figures by their text; a metric's in base units.
class MadeFigures final : public LabFigures {
 public:
  explicit MadeFigures(std::map<std::string, double> values) : values_(std::move(values)) {}
  std::optional<double> figure(const LabOperand& operand) const override {
    const auto found = values_.find(operand.text());
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, double> values_;
};

const MadeFigures kFigures({{"slow.polling.delivery_latency.mean", 250'000},
                            {"fast-2.polling.delivery_latency.mean", 25'000},
                            {"fast-2.websocket.delivery_latency.p99", 1'000},
                            {"slow.polling.exchanges.empty_share", 0.25},
                            {"slow.polling.delivered_per_second", 80e-6},
                            {"slow.polling.network_bytes", 200},
                            {"prediction.empty", 0.5}});

constexpr const char* kSlow = "slow.polling.delivery_latency.mean";
constexpr const char* kFast = "fast-2.polling.delivery_latency.mean";

double value(const std::string& text) {
  const auto expression = parse_lab_expression(text, names());
  EXPECT_TRUE(expression.has_value()) << (expression ? "" : expression.error().line());
  if (!expression) return -1;
  const auto value = expression->value(kFigures);
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(-1);
}

bool holds(const std::string& text) {
  const auto condition = parse_lab_condition(text, names());
  EXPECT_TRUE(condition.has_value()) << (condition ? "" : condition.error().line());
  if (!condition) return false;
  return condition->holds(*condition->left.value(kFigures), *condition->right.value(kFigures));
}

/// Where an error is, and what it says.
std::string complaint(const std::string& text) {
  const auto condition = parse_lab_condition(text, names());
  return condition ? "none" : condition.error().line();
}

std::string at(const std::string& text, int character) {
  return "\"" + text + "\", character " + std::to_string(character) + ": ";
}

TEST(LabExpression, TakesNumbersWithUnits) {
  EXPECT_DOUBLE_EQ(value("3"), 3);
  EXPECT_DOUBLE_EQ(value("0.5"), 0.5);
  EXPECT_DOUBLE_EQ(value("250ms"), 250'000);
  EXPECT_DOUBLE_EQ(value("1.5s"), 1'500'000);
  EXPECT_DOUBLE_EQ(value("2min"), 120'000'000);
  EXPECT_DOUBLE_EQ(value("10us"), 10);
  EXPECT_DOUBLE_EQ(value("2KiB"), 2048);
  EXPECT_DOUBLE_EQ(value("20%"), 0.2);
  EXPECT_DOUBLE_EQ(value("2/s"), 2e-6);
  EXPECT_DOUBLE_EQ(value("60/min"), 1e-6);
}

TEST(LabExpression, ReckonsAsOneDoesOnPaper) {
  EXPECT_DOUBLE_EQ(value("2 + 3 * 4"), 14);
  EXPECT_DOUBLE_EQ(value("(2 + 3) * 4"), 20);
  EXPECT_DOUBLE_EQ(value("10 - 4 - 3"), 3);
  EXPECT_DOUBLE_EQ(value("12 / 3 / 2"), 2);
  EXPECT_DOUBLE_EQ(value(std::string(kSlow) + " / " + kFast), 10);
  EXPECT_DOUBLE_EQ(value(std::string("3*") + kFast + "+5ms"), 80'000);
  EXPECT_DOUBLE_EQ(value(std::string(kSlow) + " - " + kFast), 225'000);
  EXPECT_DOUBLE_EQ(value("6/slow.polling.exchanges.empty_share"), 24);
  EXPECT_DOUBLE_EQ(value("slow.polling.delivered_per_second * 2s"), 160);
}

TEST(LabExpression, KeepsUnitsApart) {
  const auto dimension = [](const std::string& text) {
    return parse_lab_expression(text, names())->dimension;
  };
  EXPECT_TRUE(dimension(kSlow).fits({1, 0}));
  EXPECT_TRUE(dimension("slow.polling.network_bytes * 2/s").fits({-1, 1}));
  EXPECT_TRUE(dimension("slow.polling.exchanges.empty_share / 2").share);
  EXPECT_TRUE(dimension("2 * slow.polling.exchanges.empty_share").share);
  EXPECT_FALSE(dimension("20% / 10%").share);
  EXPECT_FALSE(dimension(std::string("20% * ") + kSlow).share);
}

TEST(LabCondition, HoldsByEveryComparison) {
  EXPECT_TRUE(holds("1 < 2"));
  EXPECT_FALSE(holds("2 < 2"));
  EXPECT_TRUE(holds("2 <= 2"));
  EXPECT_FALSE(holds("3 <= 2"));
  EXPECT_TRUE(holds("3 > 2"));
  EXPECT_FALSE(holds("2 > 2"));
  EXPECT_TRUE(holds("2 >= 2"));
  EXPECT_FALSE(holds("1 >= 2"));
  EXPECT_TRUE(holds("110 within 10% of 100"));
  EXPECT_TRUE(holds("90 within 10% of 100"));
  EXPECT_FALSE(holds("89 within 10% of 100"));
  EXPECT_FALSE(holds("111 within 10% of 100"));
  EXPECT_TRUE(holds(std::string(kSlow) + " > 3 * " + kFast));
  EXPECT_FALSE(holds(std::string(kSlow) + " < 3 * " + kFast));
  EXPECT_TRUE(holds("prediction.empty > slow.polling.exchanges.empty_share"));
}

TEST(LabExpression, SaysWhatItLacks) {
  const auto lack = [](const std::string& text) {
    return parse_lab_condition(text + " > 1ms", names())->left.value(kFigures).error();
  };
  EXPECT_EQ(lack("slow.polling.delivery_latency.max").operand, "slow.polling.delivery_latency.max");
  EXPECT_FALSE(lack("slow.polling.delivery_latency.max").is_prediction);
  EXPECT_TRUE(lack("prediction.wait").is_prediction);
  EXPECT_EQ(lack("1ms / (1 - 1)").operand, "");
}

TEST(LabCondition, SaysAtWhichNameItIsWrongAndTheNearestRightOne) {
  std::string text = "slov.polling.delivery_latency.mean < 1s";
  EXPECT_THAT(complaint(text), AllOf(StartsWith(at(text, 1)), HasSubstr("did you mean slow?")));
  text = "1s > slow.pollin.delivery_latency.mean";
  EXPECT_THAT(complaint(text), AllOf(StartsWith(at(text, 11)), HasSubstr("did you mean polling?")));
  text = "slow.websocket.delivery_latency.mean < 1s";
  EXPECT_THAT(complaint(text),
              AllOf(StartsWith(at(text, 6)), HasSubstr("is no transport of slow")));
  text = "slow.polling.delivery_latency.men < 1s";
  EXPECT_THAT(complaint(text),
              AllOf(StartsWith(at(text, 14)), HasSubstr("did you mean delivery_latency.mean?")));
  text = "slow.polling < 1s";
  EXPECT_THAT(complaint(text), AllOf(StartsWith(at(text, 1)), HasSubstr("RUN.TRANSPORT.METRIC")));
  text = "slow < 1s";
  EXPECT_THAT(complaint(text), AllOf(StartsWith(at(text, 1)), HasSubstr("RUN.TRANSPORT.METRIC")));
  text = "prediction.emtpy < 1";
  EXPECT_THAT(complaint(text), AllOf(StartsWith(at(text, 1)), HasSubstr("did you mean empty?")));
  text = "prediction < 1";
  EXPECT_THAT(complaint(text), AllOf(StartsWith(at(text, 1)), HasSubstr("no such question")));
}

TEST(LabCondition, SaysWhereItsFormIsWrong) {
  EXPECT_THAT(complaint("1 + < 2"), StartsWith(at("1 + < 2", 5)));
  EXPECT_THAT(complaint("1 2"), AllOf(StartsWith(at("1 2", 3)), HasSubstr("one of < <= > >=")));
  EXPECT_THAT(complaint("1"), AllOf(StartsWith(at("1", 2)), HasSubstr("it ends here")));
  EXPECT_THAT(complaint("1 <"), StartsWith(at("1 <", 4)));
  EXPECT_THAT(complaint(""), StartsWith(at("", 1)));
  EXPECT_THAT(complaint("1 < 2 < 3"), AllOf(StartsWith(at("1 < 2 < 3", 7)), HasSubstr("one comp")));
  EXPECT_THAT(complaint("1 < 2 3"), AllOf(StartsWith(at("1 < 2 3", 7)), HasSubstr("before it")));
  EXPECT_THAT(complaint("1 = 2"), AllOf(StartsWith(at("1 = 2", 3)), HasSubstr("within 10% of")));
  EXPECT_THAT(complaint("(1 < 2"), AllOf(StartsWith(at("(1 < 2", 4)), HasSubstr("not closed")));
  EXPECT_THAT(complaint("1 < 2)"), AllOf(StartsWith(at("1 < 2)", 6)), HasSubstr("not opened")));
  EXPECT_THAT(complaint("1 within 10 of 2"), StartsWith(at("1 within 10 of 2", 10)));
  EXPECT_THAT(complaint("1 within 0% of 2"), StartsWith(at("1 within 0% of 2", 10)));
  EXPECT_THAT(complaint("1 within 10% 2"),
              AllOf(StartsWith(at("1 within 10% 2", 14)), HasSubstr("write \"of\"")));
  EXPECT_THAT(complaint("1 & 2"), AllOf(StartsWith(at("1 & 2", 3)), HasSubstr("\"&\"")));
  EXPECT_THAT(complaint("1 < –2"), AllOf(StartsWith(at("1 < –2", 5)), HasSubstr("\"–\"")));
  EXPECT_THAT(complaint("1 < 2sec"),
              AllOf(StartsWith(at("1 < 2sec", 6)), HasSubstr("no such unit")));
  EXPECT_THAT(complaint("1..2 < 3"), StartsWith(at("1..2 < 3", 1)));
  const std::string deep = std::string(40, '(') + "1" + std::string(40, ')') + " < 2";
  EXPECT_THAT(complaint(deep), AllOf(StartsWith(at(deep, 33)), HasSubstr("too many brackets")));
}

TEST(LabCondition, SaysWhichUnitsDoNotFit) {
  EXPECT_THAT(complaint("1ms + 2 < 3ms"),
              AllOf(StartsWith(at("1ms + 2 < 3ms", 5)), HasSubstr("a time and a number")));
  EXPECT_THAT(complaint("1ms < 2B"),
              AllOf(StartsWith(at("1ms < 2B", 5)), HasSubstr("a time with bytes")));
  EXPECT_THAT(complaint("1s - 1/s > 2"), StartsWith(at("1s - 1/s > 2", 4)));
  EXPECT_EQ(complaint("20% < 0.5"), "none");
  std::string powers = "1s";
  for (int i = 0; i < 9; ++i) powers += "*1s";
  EXPECT_THAT(complaint(powers + " < 1"), HasSubstr("mean nothing"));
}

TEST(LabExpression, OfAQuestionHasNoPredictionAndNoComparison) {
  const LabNames runs{names().runs, {}};
  EXPECT_THAT(parse_lab_expression("prediction.empty", runs).error().line(),
              HasSubstr("stands in a check only"));
  EXPECT_THAT(parse_lab_expression("1 < 2", runs).error().line(),
              AllOf(HasSubstr("character 3"), HasSubstr("none in a figure")));
}

TEST(Quantity, TakesWhatPeopleType) {
  const QuantityUnit& ms = *find_unit("ms");
  const QuantityUnit& percent = *find_unit("%");
  EXPECT_DOUBLE_EQ(*parse_quantity("250", ms), 250'000);
  EXPECT_DOUBLE_EQ(*parse_quantity(" 0,25 s ", ms), 250'000);
  EXPECT_DOUBLE_EQ(*parse_quantity("250мс", ms), 250'000);
  EXPECT_DOUBLE_EQ(*parse_quantity("12.5 µs", ms), 12.5);
  EXPECT_DOUBLE_EQ(*parse_quantity("75", percent), 0.75);
  EXPECT_DOUBLE_EQ(*parse_quantity("75 %", percent), 0.75);
  EXPECT_DOUBLE_EQ(*parse_quantity("3", *find_unit("")), 3);
  EXPECT_DOUBLE_EQ(*parse_quantity("20 /min", *find_unit("/s")), 20 / 60e6);
  for (const char* wrong : {"", "-1", "a lot", "75 %", "1e3", "12 B", "1 2", "nan", "inf"}) {
    EXPECT_FALSE(parse_quantity(wrong, ms).has_value()) << wrong;
  }
  EXPECT_THAT(parse_quantity("x", ms).error().line(),
              AllOf(HasSubstr("\"x\""), HasSubstr("20ms"), HasSubstr("us, ms, s, min")));
}

}  // namespace
}  // namespace pushbench::harness
