// The first collector.yaml, which is the user's from then on: it takes traces and metrics of the app and only counts them, until somebody says
// where they go.

export const collectorText = `# Yours: Tenon writes it once and never again. Name what keeps your traces and metrics under "exporters", and use it below instead of "debug".
receivers:
  otlp:
    protocols:
      http:
        endpoint: 0.0.0.0:4318
processors:
  batch: {}
exporters:
  debug: {}
  # otlphttp:
  #   endpoint: https://telemetry.example.com
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [batch]
      exporters: [debug]
    metrics:
      receivers: [otlp]
      processors: [batch]
      exporters: [debug]
`;
