// What is asked of the server about rooms.

import { learn } from "../conversations.js";
import { request } from "../socket.js";
import { complain } from "../store.js";

const LOST = new Set(["closed", "timeout"]);

/** Why a request came to nothing. */
export const whyNot = ({ code, detail }) =>
  LOST.has(code) ? "This can be done once the connection is back." : detail;

/** The answer. Rejects as `request` does. What it says of the room is taken over. */
export async function change(frame) {
  const answer = await request(frame);
  if (answer.conversation) learn(answer.conversation);
  return answer;
}

/** Whether it was done; where not, the status row says why. */
export async function done(frame) {
  try {
    await change(frame);
    return true;
  } catch (error) {
    complain(whyNot(error));
    return false;
  }
}
