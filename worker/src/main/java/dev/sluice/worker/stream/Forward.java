package dev.sluice.worker.stream;

import dev.sluice.common.config.ProxyConfig;
import dev.sluice.worker.proxy.BalanceKey;
import dev.sluice.worker.proxy.TemplateCompiler;
import dev.sluice.worker.upstream.Transport;
import dev.sluice.worker.upstream.Upstream;
import dev.sluice.worker.upstream.Upstreams;

/**
 * Where connections go, and how peers are reached. Built at boot.
 *
 * @param key null where peers are chosen without
 * @param tries how many peers one connection may try
 * @param budgetPercent what share of all connections may try another one
 */
record Forward(Upstream upstream, Transport transport, BalanceKey key, long connectTimeoutNs,
        int tries, int budgetPercent) {

    private static final long NS_PER_MS = 1_000_000L;

    static Forward of(ProxyConfig config, Upstreams upstreams, TemplateCompiler templates) {
        Upstream upstream = upstreams.upstream(config.upstream());
        return new Forward(upstream, upstreams.transport(config.transport()),
                BalanceKey.of(upstream.config.balance(), templates),
                config.connectTimeoutMs() * NS_PER_MS, config.retry().tries(),
                config.retry().budgetPercent());
    }
}
