/** Whether a room can be called so; the server takes no other names. */
export const isRoom = (name: string): boolean => /^[A-Za-z0-9._-]{1,64}$/.test(name);
