// Kills processes with SIGKILL at random points. Between two strikes it waits until work goes on again, so that every kill hits a system
// that is busy.

const longestPauseMs = 300;

/**
 * Kills until there were `kills`. `victims`: whatever has a `role` and a `pid`. `record`: is told of each kill. `progress`: resolves once
 * work has gone on since it was called.
 * @param {{ kills: number, victims: { role: string, pid: number | undefined }[], random: import("./random.mjs").Random,
 *   record(event: object): void, progress(): Promise<void> }} options
 * @returns {Promise<Record<string, number>>} kills by role
 */
export async function strike({ kills, victims, random, record, progress }) {
  const byRole = {};
  for (let done = 0; done < kills; ) {
    await progress();
    await new Promise((resolve) => setTimeout(resolve, random.below(longestPauseMs)));
    for (const { role, pid } of chooseVictims(victims, random, kills - done)) {
      if (pid === undefined || !kill(pid)) continue;
      record({ event: "killed", role, pid });
      byRole[role] = (byRole[role] ?? 0) + 1;
      done++;
    }
  }
  return byRole;
}

/** Mostly one, sometimes two or three at the same moment. Each role is as likely as another, however many processes play it. */
function chooseVictims(victims, random, limit) {
  const draw = random.next();
  const count = Math.min(limit, victims.length, draw < 0.6 ? 1 : draw < 0.9 ? 2 : 3);
  const roles = [...new Set(victims.map(({ role }) => role))];
  const chosen = new Set();
  while (chosen.size < count) {
    const role = random.pick(roles);
    chosen.add(random.pick(victims.filter((victim) => victim.role === role)));
  }
  return chosen;
}

function kill(pid) {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
