import Testing

@testable import Strata

/// The memory layouts that comments promise.
@Suite
struct MapLayoutTests {
    @Test
    func keepsShardsOnLinesOfTheirOwn() {
        #expect(MemoryLayout<MapShard>.size == 384)
        #expect(MemoryLayout<MapShard>.stride % 128 == 0)
        let shard = ShardAddress.allocate(capacity: 1)
        defer { shard.deallocate() }
        shard.initialize(to: MapShard(index: 0))
        defer { shard.deinitialize(count: 1) }
        let lock = withUnsafePointer(to: shard.pointee.lock) { UnsafeRawPointer($0) }
        #expect(lock - UnsafeRawPointer(shard) == 128)
    }

    @Test
    func fitsHeaderIntoOneLine() {
        #expect(MemoryLayout<MapTableHeader>.size == 64)
    }

    private struct Pair: Hashable, Sendable {
        var first: UInt64
        var second: UInt64
    }

    private struct Triple: Hashable, Sendable {
        var first: UInt64
        var second: UInt64
        var third: UInt64
    }

    @Test
    func choosesLayoutByTypes() {
        #expect(MapSlots<UInt64, UInt64>.areInline)
        #expect(MapSlots<UInt64, UInt64>.stride == 16)
        #expect(MapSlots<UInt8, Bool>.stride == 16)
        #expect(MapSlots<Pair, Int>.stride == 24)
        #expect(MapSlots<Double, Int32?>.areInline)
        #expect(!MapSlots<UInt64, UInt64>.areWide)
        #expect(MapSlots<UInt64, Int?>.areWide)
        #expect(MapSlots<UInt64, Int?>.stride == 32)
        #expect(MapSlots<UInt64, WideValue>.stride == 48)
        #expect(MapSlots<ShortBytes, WideValue>.stride == 64)
        #expect(MapSlots<UInt64, InlineArray<6, UInt64>>.stride == 64)
        #expect(!MapSlots<UInt64, InlineArray<7, UInt64>>.areInline)
        #expect(!MapSlots<Triple, Int>.areInline)
        #expect(!MapSlots<UInt64, String>.areInline)
        #expect(!MapSlots<String, UInt64>.areInline)
        #expect(!MapSlots<UInt64, Tracked>.areInline)
        #expect(MapSlots<String, String>.stride == 8)
    }

    @Test
    func turnsUsedControlBytesIntoTombstones() {
        let group = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 16)
        defer { group.deallocate() }
        let bytes: [UInt8] = [0, 1, 2, 0x7f, 0x80, 0x81, 0xff, 0, 0, 0x80, 0, 1, 0xfe, 3, 0, 0]
        group.copyMemory(from: bytes, byteCount: 16)
        #expect(ControlGroup(of: group).emptySlots.bits == 0b1100_0101_1000_0001)
        #expect(ControlGroup(of: group).fullSlots.bits == 0b0011_0010_0111_1100)
        ControlGroup.retireAll(of: group)
        let after = (0..<16).map { group.load(fromByteOffset: $0, as: UInt8.self) }
        #expect(after == bytes.map { $0 == 0 ? 0 : 1 })
        ControlGroup.set(0xab, at: 9, of: group)
        #expect(group.load(fromByteOffset: 9, as: UInt8.self) == 0xab)
        #expect(ControlGroup(of: group).slots(equalTo: 0xab).bits == 1 << 9)
    }

    @Test
    func findsFirstSlotGoingRound() {
        #expect(SlotMask(0b0000_0000_0000_1000).first(from: 0) == 3)
        #expect(SlotMask(0b0000_0000_0000_1000).first(from: 3) == 3)
        #expect(SlotMask(0b0000_0000_0000_1000).first(from: 4) == 3)
        #expect(SlotMask(0b1000_0000_0000_1000).first(from: 4) == 15)
        #expect(SlotMask(0b0000_0000_0000_0001).first(from: 15) == 0)
    }

    @Test(arguments: [1, 2, 3, 5, 7, 12, 1 << 20] as [UInt64])
    func dividesHashSpaceAmongGroups(groupCount: UInt64) {
        let table = MapTable.allocate(groupCount: groupCount, slotStride: 8)
        defer { table.deallocate() }
        for group in [1, groupCount / 2, groupCount - 1] where group > 0 && group < groupCount {
            let first = table.firstHash(ofGroup: group)
            #expect(table.homeGroup(of: first) == group)
            #expect(table.homeGroup(of: first - 1) == group - 1)
        }
    }

    @Test
    func roundsShardCountUp() {
        #expect(ConcurrentMap<Int, Int>(shardCount: 1).shardCount == 1)
        #expect(ConcurrentMap<Int, Int>(shardCount: 5).shardCount == 8)
        #expect(ConcurrentMap<Int, Int>(shardCount: 64).shardCount == 64)
        #expect(ConcurrentMap<Int, Int>(shardCount: 0).shardCount == 1)
        #expect(ConcurrentMap<Int, Int>().shardCount >= 32)
    }
}
