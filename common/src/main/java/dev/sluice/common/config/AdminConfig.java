package dev.sluice.common.config;

import java.util.List;

/**
 * The address for operators: {@code [admin]}. An empty {@code allow} admits every client. Written
 * at boot, then read-only.
 */
public record AdminConfig(List<ListenConfig> listens, List<String> allow) {

    public AdminConfig {
        listens = List.copyOf(listens);
        allow = List.copyOf(allow);
    }
}
