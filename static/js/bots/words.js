// What a bot's card says.

const WHO = "whoever runs this server sets";
const SETTINGS = `${WHO} OPENAI_API_KEY, or OPENAI_BASE_URL for a server of their own.`;
const ADMIN = `${WHO} its address and key in the admin.`;
const number = new Intl.NumberFormat("en-GB");

/** Why a bot does not answer, and what helps; "" where it does, or where that is not known yet. */
export function troubleWords({ name, title }, its) {
  if (its === null) return `${title} is switched off.`;
  if (!its || its.connected) return "";
  return `${title} is not connected to a model: ${name === "openai" ? SETTINGS : ADMIN}`;
}

/** `usage` as the server tells it; what is left is null where there is no limit. */
export function usageWords({ answers, answers_left, tokens, tokens_left }) {
  const said = answers === 1 ? "1 answer" : `${number.format(answers)} answers`;
  return `Today: ${said}${left(answers_left)} · ${number.format(tokens)} tokens${left(tokens_left)}`;
}

const left = (count) => (count === null ? "" : ` (${number.format(count)} left)`);
