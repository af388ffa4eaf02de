package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The types of values about TLS towards clients. */
final class TlsTypes {

    private TlsTypes() {
    }

    /** Groups by OpenSSL's names, kept by those of the library. */
    record Groups() implements ValueType<List<String>> {

        private static final Map<String, String> KNOWN = new LinkedHashMap<>();

        static {
            KNOWN.put("X25519MLKEM768", "X25519MLKEM768");
            KNOWN.put("X25519", "X25519");
            KNOWN.put("prime256v1", "P-256");
            KNOWN.put("secp384r1", "P-384");
            KNOWN.put("secp521r1", "P-521");
        }

        @Override
        public String name() {
            return "a list of groups";
        }

        @Override
        public String form() {
            return "names separated by colons: " + String.join(", ", KNOWN.keySet());
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            List<String> groups = new ArrayList<>();
            for (String word : value.word().split(":")) {
                String group = KNOWN.get(word);
                if (group == null) {
                    throw Scalars.unknownWord(word, List.copyOf(KNOWN.keySet()));
                }
                groups.add(group);
            }
            return groups;
        }
    }
}
