package dev.sluice.common.config;

import java.util.List;

/**
 * How a request chooses its upstream among those of the configuration. Written at boot, then
 * read-only.
 *
 * @param name a template; its value is the name of an upstream
 * @param choices all there are, each with what holds for it alone
 */
public record ProxyChoiceConfig(String name, List<ProxyConfig> choices) {

    public ProxyChoiceConfig {
        choices = List.copyOf(choices);
    }
}
