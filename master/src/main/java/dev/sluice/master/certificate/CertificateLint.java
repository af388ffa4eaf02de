package dev.sluice.master.certificate;

import dev.sluice.common.identity.DeviceProfile;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Holds a file, the first certificate with those that signed it, to IEEE 2030.5. Stateless. */
final class CertificateLint {

    private CertificateLint() {
    }

    /** What is wrong, in sentences; empty for a good file. */
    static List<String> of(List<X509Certificate> chain) {
        List<String> all = new ArrayList<>();
        X509Certificate first = chain.getFirst();
        boolean authority = first.getBasicConstraints() >= 0;
        if (authority) {
            add(all, 1, "authority", DeviceProfile.authority(first));
        } else if (DeviceProfile.isServer(first)) {
            add(all, 1, "server", DeviceProfile.server(first));
        } else {
            add(all, 1, "device", DeviceProfile.device(first));
        }
        for (int i = 1; i < chain.size(); i++) {
            add(all, i + 1, "authority", DeviceProfile.authority(chain.get(i)));
        }
        if (!authority || chain.size() > 1) {
            all.addAll(DeviceProfile.chain(chain));
        }
        return all;
    }

    private static void add(List<String> all, int place, String kind, List<String> findings) {
        for (String finding : findings) {
            all.add("certificate " + place + ", of a" + (kind.startsWith("a") ? "n " : " ")
                    + kind + ": " + finding);
        }
    }
}
