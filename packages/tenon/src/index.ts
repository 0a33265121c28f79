// `tenon`: what code can learn about the request it serves and the app it is part of.
export {
  type APICallMeta,
  type APIDesc,
  type AppMeta,
  appMeta,
  type BaseRequestMeta,
  type BuildMeta,
  type CloudProvider,
  currentRequest,
  type DeployMeta,
  type EnvironmentMeta,
  type EnvironmentType,
  type HostedService,
  type Method,
  type PubSubMessageMeta,
  type RequestMeta,
  type TraceData,
} from "@tenon/runtime";
