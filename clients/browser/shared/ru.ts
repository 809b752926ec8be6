// The pages' words in Russian.

import { race } from '../race/ru.js';
import { counted as countedIn } from './counted.js';
import type { Forms } from './counted.js';
import { reasonInRussian } from './reasons_ru.js';
import type { ChatTexts, MeterTexts, SharedTexts, Texts } from './texts.js';

const counted = (forms: Forms) => countedIn('ru', forms);

const shared: SharedTexts = {
  toMain: 'К основному содержанию',
  pages: 'Страницы',
  chatPage: 'Чат',
  racePage: 'Гонка',
  language: 'Язык',
  theme: 'Тема',
  themes: { auto: 'системная', light: 'светлая', dark: 'тёмная' },
  transports: {
    auto: 'авто: первый, который заработает',
    polling: 'опрос (polling)',
    'long-polling': 'длинный опрос (long polling)',
    sse: 'серверные события (SSE)',
    websocket: 'WebSocket',
  },
  token: 'Токен',
  tokenWhy: 'Сервер пускает только тех, кто знает его токен. Токен хранится только в этой вкладке.',
  badToken: 'Сервер не принимает этот токен',
  join: 'Войти',
  reason: reasonInRussian,
};

const byModel = 'по модели байтов, заголовки запросов рассчитаны по тому, что шлёт браузер';

const meter: MeterTexts = {
  heading: 'Счётчик',
  lead: 'Сколько страница и сервер передали друг другу ради этого чата.',
  reset: 'Сбросить',
  since: (time) => `с ${time}`,
  exchanges: 'HTTP-обмены',
  empty: 'из них пустые опросы',
  publishes: 'из них отправка сообщений',
  checks: 'отдельно: проверки комнаты',
  unanswered: 'запросы без ответа',
  pushes: 'события и кадры',
  delivered: 'доставлено сообщений',
  latency: 'Задержка доставки своих сообщений',
  latencyWhy: 'От нажатия «Отправить» до возвращения сообщения из комнаты.',
  last: 'последняя',
  median: 'медиана',
  most: 'максимум',
  bytes: 'Байты',
  up: 'к серверу',
  down: 'от сервера',
  heads: 'заголовки',
  bodies: 'тела',
  all: 'всего',
  each: 'на каждое доставленное',
  source: 'Откуда взяты размеры',
  byTiming: counted({
    one: 'из самого браузера (Resource Timing): # обмен',
    few: 'из самого браузера (Resource Timing): # обмена',
    many: 'из самого браузера (Resource Timing): # обменов',
    other: 'из самого браузера (Resource Timing): # обмена',
  }),
  byModel: counted({
    one: `${byModel}: # обмен или событие`,
    few: `${byModel}: # обмена и события`,
    many: `${byModel}: # обменов и событий`,
    other: `${byModel}: # обмена и события`,
  }),
  byFrames: counted({
    one: 'по RFC 6455, с точностью до байта: # кадр',
    few: 'по RFC 6455, с точностью до байта: # кадра',
    many: 'по RFC 6455, с точностью до байта: # кадров',
    other: 'по RFC 6455, с точностью до байта: # кадра',
  }),
};

const chat: ChatTexts = {
  title: 'pushbench: чат',
  lead:
    'Один чат и четыре способа доставить сообщение в браузер. ' +
    'Выберите способ и посмотрите, во что он обходится.',
  settings: 'Кто, где и как',
  name: 'Имя',
  guest: 'гость',
  room: 'Комната',
  transport: 'Транспорт',
  interval: 'Интервал опроса, мс',
  hold: 'Удержание запроса, с',
  badName: 'Введите имя',
  badRoom: 'От 1 до 64 латинских букв, цифр или знаков . _ -',
  badNumber: (least, most) => `Число от ${least} до ${most}`,

  connecting: 'подключение…',
  connected: (transport) => `на связи: ${transport}`,
  chosen: (transport) => `на связи: ${transport}, выбран автоматически`,
  retrying: (seconds) => `связь потеряна, новая попытка через ${seconds} с`,
  retryingSoon: 'связь потеряна, переподключаемся',
  failed: 'не удалось подключиться',

  messages: 'Сообщения',
  nothingYet: 'Здесь пока ничего не написали.',
  cutOff: 'Более старые сообщения не показаны.',
  gap: counted({
    one: 'пропущено # сообщение',
    few: 'пропущено # сообщения',
    many: 'пропущено # сообщений',
    other: 'пропущено # сообщения',
  }),
  expired: 'сервер их больше не хранит',
  restarted: 'Сервер перезапущен, прежних сообщений у него больше нет',
  holds: counted({
    one: 'сейчас у него # сообщение',
    few: 'сейчас у него # сообщения',
    many: 'сейчас у него # сообщений',
    other: 'сейчас у него # сообщения',
  }),
  newMessages: counted({
    one: '# новое сообщение ↓',
    few: '# новых сообщения ↓',
    many: '# новых сообщений ↓',
    other: '# нового сообщения ↓',
  }),
  came: counted({
    one: 'пришло # сообщение',
    few: 'пришло # сообщения',
    many: 'пришло # сообщений',
    other: 'пришло # сообщения',
  }),
  sending: 'отправляется…',
  sent: 'сервер принял, ждём доставки…',
  notSent: (text) => `Не отправлено: «${text}»`,
  message: 'Сообщение',
  send: 'Отправить',

  people: 'В комнате',
  notTold: 'неизвестно',
  you: 'вы',
  peopleWhy:
    'Клиенты с обычным опросом между запросами не подключены, и сервер не может их сосчитать. ' +
    'Запросы этого списка в счётчик не входят.',
  peopleUnknown: 'Сейчас сервер этого не сообщает.',

  meter,
  timeline: 'Временная шкала',
  wire: 'Что идёт по сети',
};

export const ru: Texts = { language: 'ru', shared, chat, race };
