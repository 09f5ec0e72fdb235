// Deleting a message, after asking back.

import { confirmed } from "../cards/confirm.js";
import { change } from "./messages.js";

/** Whether it was deleted. */
export async function remove({ id }) {
  const sure = await confirmed("Delete this message for everybody? It cannot be taken back.", "Delete");
  return sure && change({ type: "delete", message: id });
}
