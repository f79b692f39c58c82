"""usage: python Fixtures/Operators/make.py [OPERATOR …]      writes OPERATOR.json beside this file (all of them without arguments)"""
import sys
sys.dont_write_bytecode = True
import harness, arrangement, elementwise, microsoft, products, windows

for theme in (elementwise, arrangement, windows, products, microsoft):
    theme.make()
total = 0
for op in sorted(sys.argv[1:] or harness.CASES):
    n = harness.write(op)
    total += n
    print(f"{op:20s} {n:3d} cases")
print(f"{total} cases")
