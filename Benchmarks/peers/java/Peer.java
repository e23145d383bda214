import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** ConcurrentHashMap under the lab's operations; ../README.md says how it is told what to do. */
public final class Peer {
    /** More than the usual one: the compiler must have seen a loop often before it is as fast as it gets. */
    private static final int WARM_UPS = 3;

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        List<PeerSupport.Row> rows = PeerSupport.manifest(folder);
        for (String kind : List.of("map", "text")) {
            for (PeerSupport.Row load : rows) {
                if (load.word().equals("load") && load.kind().equals(kind)) {
                    measure(kind, load.files().get(0), rows, rounds);
                }
            }
        }
    }

    private static void measure(String kind, Path load, List<PeerSupport.Row> rows, int rounds) throws Exception {
        long before = PeerSupport.usedBytes();
        ConcurrentHashMap<Object, Object> map = new ConcurrentHashMap<>();
        Object[] loaded = PeerSupport.keys(kind, load);
        for (int index = 0; index < loaded.length; index++) {
            map.put(loaded[index], PeerSupport.value(kind, index));
        }
        int count = loaded.length;
        loaded = null;
        double bytes = (double) (PeerSupport.usedBytes() - before) / count;
        for (PeerSupport.Row row : rows) {
            if (!row.word().equals("row") || !row.kind().equals(kind)) {
                continue;
            }
            Object[][] keys = new Object[row.threads()][];
            byte[][] operations = new byte[row.threads()][];
            for (int thread = 0; thread < row.threads(); thread++) {
                keys[thread] = PeerSupport.keys(kind, row.files().get(thread));
                operations[thread] = PeerSupport.operations(row.files().get(thread));
            }
            List<Double> times = new ArrayList<>();
            for (int round = -WARM_UPS; round < rounds; round++) {
                double time = PeerSupport.run(
                    row.threads(), thread -> PeerSupport.sink += work(map, kind, keys[thread], operations[thread]));
                if (round >= 0) {
                    times.add(time / keys[0].length);
                }
            }
            PeerSupport.print("Java ConcurrentHashMap", row.name(), bytes, -1, times);
        }
    }

    private static long work(ConcurrentHashMap<Object, Object> map, String kind, Object[] keys, byte[] operations) {
        long sum = 0;
        for (int index = 0; index < keys.length; index++) {
            if (operations.length > 0 && operations[index] != 0) {
                map.put(keys[index], PeerSupport.value(kind, index));
            } else {
                Object value = map.get(keys[index]);
                if (value != null) {
                    sum += PeerSupport.sum(value);
                }
            }
        }
        return sum;
    }
}
