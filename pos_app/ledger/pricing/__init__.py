"""What something costs somebody here now, and why: lists, contracts, quantity breaks, promotions.  Pure.

rules     what is ruled, as tables have it: lists, whom they are for, promotions
listed    the price of one unit by the lists
hours     on which days and at which hours a promotion holds
offers    what promotions take off the lines of a basket
quoting   both together: the answer for a basket
reasons   the same answer, step by step, as sentences
spans     what a unit cost over time, for whoever judges what was charged
"""
