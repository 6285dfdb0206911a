import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;

/** Makes garbage: GcLoad LIVE_MEGABYTES; collects wholly at "gc", tells its collectors' totals at "totals", ends with its input. */
public final class GcLoad {
    private static volatile Object sink;
    private static volatile boolean stop;

    public static void main(String[] args) throws Exception {
        byte[][] live = new byte[Integer.parseInt(args[0]) * 256][];
        Random random = new Random(1);
        for (int n = 0; n < live.length; n++) {
            live[n] = new byte[4000];
        }
        Thread maker = new Thread(() -> {
            while (!stop) {
                for (int n = 0; n < 500 && !stop; n++) {
                    sink = new byte[random.nextInt(3000)];
                    if (n % 4 == 0) {
                        live[random.nextInt(live.length)] = new byte[4000];
                    }
                }
                Thread.yield();
            }
        });
        System.out.println("ready");
        int asked;
        while ((asked = System.in.read()) >= 0) {
            switch (asked) {
                case 's' -> maker.start();
                case 'e' -> {
                    stop = true;
                    maker.join();
                    System.out.println("ended");
                }
                case 'g' -> {
                    System.gc();
                    System.out.println("collected");
                }
                case 't' -> {
                    StringBuilder line = new StringBuilder("totals");
                    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
                        line.append(';').append(bean.getName()).append(',').append(bean.getCollectionCount()).append(',').append(bean.getCollectionTime());
                    }
                    System.out.println(line);
                }
                default -> { }
            }
        }
    }
}
