// The race page's words in Russian.

import { counted } from '../counted.js';
import type { RaceTexts } from './texts.js';

export const race: RaceTexts = {
  title: 'pushbench: гонка',
  lead: 'Одна комната и четыре соединения, по одному на транспорт. Отправьте сообщение и посмотрите, как оно дойдёт по каждому.',
  room: 'Комната',
  settings: 'Отправка и условия',
  message: 'Сообщение',
  send: 'Отправить',
  generate: 'Отправлять автоматически',
  generateWhy:
    'В случайные моменты, с заданной средней частотой; пока вкладка скрыта, отправка приостановлена.',
  generated: counted('ru', { other: 'сообщение #' }),
  interval: 'Опрос: интервал',
  hold: 'Длинный опрос: удержание',
  rate: 'Сообщения',
  delay: 'Задержка в одну сторону',
  noLink: 'Этот сервер задержку не добавляет. Запустите его так: pushbench serve --link',
  linkWhy: 'Действует на весь сервер. После изменения все четыре соединения открываются заново.',
  linkRefused: (reason) => `Задержка осталась прежней: ${reason}`,
  milliseconds: (figure) => `${figure} мс`,
  seconds: (figure) => `${figure} с`,
  perSecond: (figure) => `${figure} в секунду`,
  notSent: (reason) => `Не отправлено: ${reason}`,

  columns: 'Четыре транспорта',
  names: { polling: 'опрос', 'long-polling': 'длинный опрос', sse: 'SSE', websocket: 'WebSocket' },
  connected: 'на связи',
  retrying: (seconds) => `обрыв, новая попытка через ${seconds} с`,
  exchanges: 'обмены',
  empty: 'из них пустые',
  up: 'байт к серверу',
  down: 'байт от сервера',
  each: 'байт на сообщение',
  last: 'последняя задержка',
  mean: 'средняя задержка',
  figures: (transport) => `Счётчик: ${transport}`,
  timeline: (transport) => `Временная шкала: ${transport}`,
  timelines: 'Обозначения на временных шкалах',
  arrivals: (transport) => `Сообщения: ${transport}`,
  arrivalsWhy:
    'Место и время с момента отправки; в скобках — отставание от первого. У сообщений, отправленных не с этой страницы, есть только отставание.',
  place: (place) => `${place}-е`,
  behind: (figure) => `+${figure}`,
  waiting: 'в пути',
  missed: 'пропущено',
  nothingYet: 'Пока ничего не пришло: отправьте что-нибудь выше.',
  result: (message, places) => `${message}: ${places.join(', ')}`,
  resultAt: (transport, time) => `${transport} ${time}`,
  reset: 'Сбросить счётчики',
  publisherWhy:
    'Сама страница отправляет сообщения через отдельный WebSocket, чтобы не нагружать ни один из столбцов.',
  wire: 'Что идёт по сети',
  wireOf: 'Транспорт',
};
