// A Dockerfile for those who build images with Docker: the same image from the same build, as text. It copies what `tenon build` made; nothing
// is installed or compiled inside.
import type { GeneratedFile } from "../files/generated-file.ts";
import { HEALTH_SCRIPT } from "./health-script.ts";

export interface DockerfileOptions {
  readonly base: string;
  /** The app's name. */
  readonly title: string;
  /** The build's folder, relative to where the Dockerfile lies, forward slashes. */
  readonly build: string;
}

export function dockerfile({ base, title, build }: DockerfileOptions): GeneratedFile[] {
  // Its Node lies outside of PATH.
  const path = /\bdistroless\/nodejs/.test(base) ? ["ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin"] : [];
  const lines = [
    "# Made by `tenon image --dockerfile`. First `tenon build`, then `docker build -t NAME .`",
    `FROM ${base}`,
    `LABEL org.opencontainers.image.title=${title}`,
    "WORKDIR /app",
    `COPY ${build}/ ./`,
    ...path,
    "ENV NODE_ENV=production PORT=8080 TENON_INTERNAL_PORT=8081",
    "# Nothing is written outside of /tmp: run it with a read-only root.",
    "USER 65532:65532",
    "EXPOSE 8080 8081",
    `HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ${JSON.stringify(["node", "-e", HEALTH_SCRIPT])}`,
    'ENTRYPOINT ["node", "main.js"]',
    'CMD ["start"]',
  ];
  return [
    { path: "Dockerfile", text: `${lines.join("\n")}\n` },
    {
      path: ".dockerignore",
      text: `# Made by \`tenon image --dockerfile\`: the build is all that goes in.\n*\n!${build}\n`,
    },
  ];
}
