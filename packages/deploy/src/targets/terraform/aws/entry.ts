// The load balancer: TLS ends here, plain HTTP is sent on to HTTPS, and everything else goes to the process with the public door.
import { type Block, local, output, ref, resource } from "../blocks.ts";
import { internalPort, publicPort, readyPath } from "../process-settings.ts";

export function entryBlocks(): readonly Block[] {
  return [
    local("public_url", ref(`coalesce(var.public_url, "https://${ref("aws_lb.main.dns_name")}")`)),
    resource("aws_lb", "main", {
      name: ref("var.name"),
      load_balancer_type: "application",
      internal: false,
      subnets: ref("var.public_subnet_ids"),
      security_groups: [ref("aws_security_group.load_balancer.id")],
      drop_invalid_header_fields: true,
      enable_deletion_protection: ref("var.deletion_protection"),
    }),
    resource("aws_lb_target_group", "door", {
      name: ref("var.name"),
      target_type: "ip",
      vpc_id: ref("var.vpc_id"),
      protocol: "HTTP",
      port: publicPort,
      deregistration_delay: "15",
      load_balancing_algorithm_type: "least_outstanding_requests",
      health_check: [
        {
          path: readyPath,
          port: String(internalPort),
          matcher: "200",
          interval: 10,
          timeout: 5,
          healthy_threshold: 2,
          unhealthy_threshold: 3,
        },
      ],
    }),
    resource("aws_lb_listener", "https", {
      load_balancer_arn: ref("aws_lb.main.arn"),
      protocol: "HTTPS",
      port: 443,
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificate_arn: ref("var.certificate_arn"),
      default_action: [{ type: "forward", target_group_arn: ref("aws_lb_target_group.door.arn") }],
    }),
    resource("aws_lb_listener", "http", {
      load_balancer_arn: ref("aws_lb.main.arn"),
      protocol: "HTTP",
      port: 80,
      default_action: [{ type: "redirect", redirect: [{ protocol: "HTTPS", port: "443", status_code: "HTTP_301" }] }],
    }),
    output("address", "What the DNS name of the app points to (CNAME or alias).", ref("aws_lb.main.dns_name")),
    output("url", "Where the app is reached.", ref("local.public_url")),
  ];
}
