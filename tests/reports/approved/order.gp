set encoding utf8
set border 3 lc rgb '#444444'
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid lc rgb '#dddddd' lw 0.7 dt solid
set errorbars 0.6
set bmargin at screen 0.2895
set key at screen 0.5, screen 0.0134 center bottom vertical Left reverse noenhanced samplen 4 spacing 1.15 maxrows 2
set xlabel "η" noenhanced offset 0,0.4
set logscale x 10
set xtics ('0.02' 0.02, '0.05' 0.05, '0.1' 0.1, '0.2' 0.2) enhanced
set xrange [0.014782150730087438:0.26425451014034507]
set ylabel "|E g(x_k) − E g(X_t)| of 'SGD' and \042Adam\042 {a}_b^c @x \140date\140 \134n" noenhanced
set logscale y 10
set ytics 10 enhanced
set format y '10^{%T}'
set yrange [4.731572584811545e-05:0.06965756898837204]
$band0 << END
0.25 0.016875 0.025
0.125 0.00421875 0.00625
0.0625 0.0010546875 0.0015625
0.03125 0.000263671875 0.000390625
0.015625 6.591796875e-05 9.765625e-05
END
$line0 << END
0.25 0.0234375
0.125 0.0052734374999999995
0.0625 0.0012451171875
0.03125 0.0003021240234375
0.015625 7.43865966796875e-05
END
$line1 << END
0.25 0.05
0.125 0.025
0.0625 0.0125
0.03125 0.00625
0.015625 0.003125
END
$line2 << END
0.25 0.03125
0.125 0.0078125
0.0625 0.001953125
0.03125 0.00048828125
0.015625 0.0001220703125
END
set terminal svg size 600,449 fixed enhanced font 'sans-serif,15' background rgb 'white'
set output 'picture.svg'
set xlabel font ',15'
set ylabel font ',8'
plot $band0 using 1:2:2:3 with yerrorbars lc rgb '#009e73' lw 1.2 dt solid pt -1 notitle, \
     $line0 using 1:2 with linespoints lc rgb '#008662' lw 2.2 dt (9,5) pt 9 ps 0.6 notitle, \
     $line1 using 1:2 with linespoints lc rgb '#c48700' lw 2.2 dt (9,5) pt 11 ps 0.6 notitle, \
     $line2 using 1:2 with linespoints lc rgb '#005f45' lw 1.8 dt (12,4,2,4) pt 8 ps 0.6 notitle, \
     keyentry with linespoints lc rgb '#008662' lw 2.2 dt (9,5) pt 9 ps 0.6 title "SGD, SDE of second order", \
     keyentry with linespoints lc rgb '#c48700' lw 2.2 dt (9,5) pt 11 ps 0.6 title "SGD, SDE of first order", \
     keyentry with linespoints lc rgb '#005f45' lw 1.8 dt (12,4,2,4) pt 8 ps 0.6 title "slope 2"
set output
set terminal pdfcairo size 6.00in,4.49in enhanced fontscale 0.72 linewidth 1.6 pointscale 0.8 font 'DejaVu Sans,12' background rgb 'white'
set output 'picture.pdf'
set xlabel font ',12'
set ylabel font ',6'
replot
set output
