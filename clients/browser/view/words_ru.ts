// The Russian words of the timeline and the wire pane.

import { counted as countedIn } from '../counted.js';
import { opcodeName, valueOf, type Field } from './frame_fields.js';
import type { Shown, ViewWords } from './words.js';

const counted = (one: string, few: string, many: string) =>
  countedIn('ru', { one, few, many, other: few });

const number = new Intl.NumberFormat('ru');
const bytes = counted('# байт', '# байта', '# байт');
const payload = counted(
  '# байт полезной нагрузки',
  '# байта полезной нагрузки',
  '# байт полезной нагрузки',
);
const seconds = counted('# секунду', '# секунды', '# секунд');
const polls = counted('# опрос', '# опроса', '# опросов');
const held = counted('# длинный опрос', '# длинных опроса', '# длинных опросов');
const empty = counted('из них пустых: #', 'из них пустых: #', 'из них пустых: #');
const events = counted('# событие', '# события', '# событий');
const framesUp = counted('# кадр к серверу', '# кадра к серверу', '# кадров к серверу');
const framesDown = counted('# кадр от сервера', '# кадра от сервера', '# кадров от сервера');
const posts = counted('# отправка через POST', '# отправки через POST', '# отправок через POST');

function summary(shown: Shown): string {
  const parts = [
    shown.polls > 0 && `${polls(shown.polls)}, ${empty(shown.emptyPolls)}`,
    shown.held > 0 && `${held(shown.held)}, ${empty(shown.emptyHeld)}`,
    shown.waiting && 'один запрос сейчас ждёт ответа',
    shown.open && 'соединение открыто',
    shown.events > 0 && events(shown.events),
    shown.framesDown > 0 && framesDown(shown.framesDown),
    shown.framesUp > 0 && framesUp(shown.framesUp),
    shown.publishes > 0 && posts(shown.publishes),
  ].filter((part) => part !== false);
  return `За последние ${seconds(shown.seconds)}: ${parts.join('; ') || 'ничего не передавалось'}.`;
}

function meaning(field: Field): string {
  const value = valueOf(field);
  const set = value === 1n;
  switch (field.name) {
    case 'FIN':
      return set ? 'последний кадр сообщения' : 'сообщение продолжится в следующих кадрах';
    case 'RSV1':
      return set ? 'сжато (permessage-deflate)' : 'без сжатия';
    case 'RSV2':
    case 'RSV3':
      return 'зарезервирован для расширений';
    case 'opcode':
      return `тип кадра: ${opcodeName(Number(value))}`;
    case 'MASK':
      return set ? 'с маской, как всё, что шлёт браузер' : 'без маски, как всё, что шлёт сервер';
    case 'length-7':
      if (value === 126n) return '126: длина в следующих 16 битах';
      return value === 127n ? '127: длина в следующих 64 битах' : payload(Number(value));
    case 'length-16':
    case 'length-64':
      return payload(Number(value));
    case 'masking-key':
      return 'свой у каждого кадра; браузер его не показывает, поэтому здесь нули';
  }
}

export const ru: ViewWords = {
  language: 'ru',
  timeline: {
    poll: 'опрос',
    held: 'запрос ждёт ответа',
    open: 'открытый поток или сокет',
    answer: 'ответ с сообщениями',
    event: 'событие',
    frame: 'кадр',
    publish: 'отправка через POST',
    hollow: 'контур без заливки: сообщений нет',
    lost: 'нет ответа или отказ',
    legend: 'Обозначения',
    now: 'сейчас',
    seconds: counted('# с', '# с', '# с'),
    summary,
  },
  wire: {
    nothing: 'Пока ничего не передавалось.',
    entries: 'Последние',
    follow: 'Показывать самое новое',
    newer: counted('новых: #', 'новых: #', 'новых: #'),
    request: 'Запрос',
    response: 'Ответ',
    event: (id) => (id ? `Событие ${id}` : 'Событие'),
    frame: (opcode, direction) =>
      `Кадр ${opcode}, ${direction === 'up' ? 'от браузера к серверу' : 'от сервера к браузеру'}`,
    head: 'заголовки',
    body: 'тело',
    framing: 'обрамление',
    data: 'данные',
    header: 'заголовок кадра',
    payload: 'полезная нагрузка',
    bytes,
    sizes: (head, body) => `${number.format(head)} + ${number.format(body)} Б`,
    more: counted('… и ещё # байт', '… и ещё # байта', '… и ещё # байт'),
    waits: 'Ответа ещё нет: запрос ждёт.',
    noAnswer: 'Ответ не пришёл.',
    noBody: 'тела нет',
    modelled: 'Эти строки браузер странице не показывает: здесь они такие, как в модели байтов.',
    fetched:
      'Заголовки ответа показаны так, как их отдаёт fetch(): имена строчными буквами и по алфавиту.',
    source: {
      'resource-timing': 'Размер заголовков сообщил браузер (Resource Timing).',
      'byte-model': 'Размер заголовков посчитан по модели байтов: браузер его не сообщает.',
    },
    frameModelled:
      'Заголовки кадров браузер странице не показывает: этот построен по длине сообщения.',
    masked: 'По сети каждый из этих байтов идёт сложенным по модулю 2 (XOR) с байтом ключа.',
    figure: 'Заголовок кадра по битам, как в RFC 6455, раздел 5.2',
    columns: ['поле', 'биты', 'значение'],
    meaning,
    chunk: counted(
      'начало порции HTTP (chunk): # байт',
      'начало порции HTTP (chunk): # байта',
      'начало порции HTTP (chunk): # байт',
    ),
    id: 'отсюда поток возобновится',
    blank: 'пустая строка завершает событие',
  },
};
