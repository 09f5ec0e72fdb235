// What a bot's card says.

const number = new Intl.NumberFormat("en-GB");

/** `usage` as the server tells it; what is left is null where there is no limit. */
export function usageWords({ answers, answers_left, tokens, tokens_left }) {
  const said = answers === 1 ? "1 answer" : `${number.format(answers)} answers`;
  return `Today: ${said}${left(answers_left)} · ${number.format(tokens)} tokens${left(tokens_left)}`;
}

const left = (count) => (count === null ? "" : ` (${number.format(count)} left)`);
